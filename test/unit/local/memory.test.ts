import { toNeo4jMemory } from '../../../src/local/memory.ts'

const gibibyte = 1024 ** 3
const fromMachine = { neo4jHeapMb: 0, neo4jPageCacheMb: 0 }

describe('toNeo4jMemory', () => {
  it('takes a quarter of the memory for the heap and 15% for the page cache', () => {
    expect(toNeo4jMemory(fromMachine, 8 * gibibyte)).toEqual({ heapMb: 2048, pageCacheMb: 1228 })
  })

  it('takes no less than Neo4j needs on a small machine', () => {
    expect(toNeo4jMemory(fromMachine, gibibyte)).toEqual({ heapMb: 512, pageCacheMb: 256 })
  })

  it('takes no more than is of use on a large machine', () => {
    expect(toNeo4jMemory(fromMachine, 256 * gibibyte)).toEqual({ heapMb: 4096, pageCacheMb: 4096 })
  })

  it('follows the settings where there are some', () => {
    const memory = toNeo4jMemory({ neo4jHeapMb: 700, neo4jPageCacheMb: 0 }, 8 * gibibyte)

    expect(memory).toEqual({ heapMb: 700, pageCacheMb: 1228 })
  })
})
