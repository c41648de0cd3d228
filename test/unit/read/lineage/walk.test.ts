import { walk, type Neighbours, type Steps } from '../../../../src/read/lineage/walk.ts'

/** A graph of arrows, `a>b`, and of names for one thing, `a=b`. */
function stepsOf(...said: string[]): Steps & { asked: string[][] } {
  const arrows = said.filter((text) => text.includes('>')).map((text) => text.split('>'))
  const names = said.filter((text) => text.includes('=')).map((text) => text.split('='))
  const namesOf = (node: string) =>
    names.flatMap(([a = '', b = '']) => (a === node ? [b] : b === node ? [a] : []))
  const asked: string[][] = []
  const toNeighbours = (from: string, to: string[]): Neighbours => ({
    from,
    to,
    names: namesOf(from),
    hidden: [],
    isCut: false,
  })
  return {
    asked,
    // oxlint-disable-next-line typescript/require-await -- as the graph's, which have to wait
    follow: async (nodes, ways) => {
      asked.push([...nodes])
      return nodes.map((from) =>
        toNeighbours(
          from,
          arrows.flatMap(([a = '', b = '']) => [
            ...(ways.includes('downstream') && a === from ? [b] : []),
            ...(ways.includes('upstream') && b === from ? [a] : []),
          ]),
        ),
      )
    },
  }
}

const downstream = { ways: ['downstream'], depth: 100, nodesMax: 1000 } as const

function distancesOf({ nodes }: Awaited<ReturnType<typeof walk>>): Record<string, number> {
  return Object.fromEntries([...nodes].map(([node, { distance }]) => [node, distance]))
}

describe('walk', () => {
  it('gives each node the fewest steps that lead to it', async () => {
    const steps = stepsOf('a>b', 'b>c', 'a>c', 'c>d', 'x>a')

    const found = await walk(steps, { ...downstream, roots: ['a'] })

    expect(distancesOf(found)).toEqual({ a: 0, b: 1, c: 1, d: 2 })
    expect(found.nodes.get('d')?.from).toBe('c')
  })

  it('goes against the arrows, and both ways at once', async () => {
    const steps = stepsOf('a>b', 'c>b', 'c>d')

    const against = await walk(steps, { ...downstream, ways: ['upstream'], roots: ['b'] })
    const both = await walk(steps, { ...downstream, ways: ['upstream', 'downstream'], roots: ['a'] })

    expect(distancesOf(against)).toEqual({ b: 0, a: 1, c: 1 })
    expect(distancesOf(both)).toEqual({ a: 0, b: 1, c: 2, d: 3 })
  })

  it('ends in cycles and asks of each node once in a chain of thirty diamonds', async () => {
    const diamonds = Array.from({ length: 30 }, (_, i) => [
      `n${i}>l${i}`,
      `n${i}>r${i}`,
      `l${i}>n${i + 1}`,
      `r${i}>n${i + 1}`,
    ])
    const steps = stepsOf(...diamonds.flat(), 'n30>n0')

    const found = await walk(steps, { ...downstream, roots: ['n0'] })

    expect(found.nodes.size).toBe(91)
    expect(found.nodes.get('n30')?.distance).toBe(60)
    const asked = steps.asked.flat()
    expect(new Set(asked).size).toBe(asked.length)
  })

  it('takes no step between names of one thing, however they are joined', async () => {
    const steps = stepsOf('a>b', 'b=c', 'c=d', 'd>e', 'a=z', 'z>y')

    const found = await walk(steps, { ...downstream, roots: ['a'] })

    expect(distancesOf(found)).toEqual({ a: 0, z: 0, b: 1, c: 1, d: 1, y: 1, e: 2 })
  })

  it('says that there is more behind its depth, and only then', async () => {
    const steps = stepsOf('a>b', 'b>c')

    const short = await walk(steps, { ...downstream, depth: 1, roots: ['a'] })
    const whole = await walk(steps, { ...downstream, depth: 2, roots: ['a'] })

    expect([short.goesOn, whole.goesOn]).toEqual([true, false])
  })

  it('stops at its number of nodes and says so', async () => {
    const steps = stepsOf('a>b', 'a>c', 'a>d', 'd>e')

    const cut = await walk(steps, { ...downstream, nodesMax: 3, roots: ['a'] })
    const whole = await walk(steps, { ...downstream, nodesMax: 5, roots: ['a'] })

    expect(cut.nodes.size).toBe(3)
    expect([cut.isFull, whole.isFull]).toEqual([true, false])
  })

  it('collects what is hidden and what is cut, each once', async () => {
    const steps: Steps = {
      // oxlint-disable-next-line typescript/require-await -- as the graph's, which have to wait
      follow: async (nodes) =>
        nodes.map((from) => ({ from, to: ['b', 'c'], names: [], hidden: ['secret'], isCut: from === 'b' })),
    }

    const found = await walk(steps, { ...downstream, roots: ['a'] })

    expect([...found.hidden]).toEqual(['secret'])
    expect([...found.cut]).toEqual(['b'])
  })
})
