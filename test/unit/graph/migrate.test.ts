import { pino } from 'pino'
import type { Graph, Row } from '../../../src/graph/connection.ts'
import { cypher } from '../../../src/graph/cypher.ts'
import { GraphTooNew, migrateGraph, migrations, type Migration } from '../../../src/graph/migrate.ts'
import { prepareGraph } from '../../../src/graph/prepare-graph.ts'

const newest = Math.max(...migrations.map(({ number }) => number))

interface FakeGraph {
  graph: Graph
  /** Statements that changed the schema, and marks that were written. */
  done: unknown[]
}

/** A graph with these marks: whatever a migration does to a real one is for the integration tests. */
function aGraphWith(marks: readonly Row[]): FakeGraph {
  const done: unknown[] = []
  const transaction = {
    run: (statement: unknown, parameters?: Row) => {
      if (String(statement).includes('AS marks')) return Promise.resolve([{ marks }])
      if (parameters !== undefined) done.push(parameters)
      return Promise.resolve([])
    },
  }
  const graph: Graph = {
    inWrite: (work) => work(transaction),
    inRead: (work) => work(transaction),
    readForeign: () => Promise.reject(new Error('not asked')),
    runAlone: (statement) => Promise.resolve(void done.push(String(statement))),
    verify: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
  return { graph, done }
}

const applied = migrations.map(({ number, name }) => ({ number, name }))
const markOf = ({ done }: FakeGraph) => done.filter((one) => typeof one === 'object')

function aLog() {
  const lines: { msg: string; migrations?: number[] }[] = []
  return { lines, log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }) }
}

describe('migrateGraph, on a graph of a newer version', () => {
  it('goes on where older versions may, and says so', async () => {
    const fake = aGraphWith([...applied, { number: newest + 1, name: 'more', endsOlder: false }])
    const { lines, log } = aLog()

    await migrateGraph(fake.graph, log)

    expect(lines).toMatchObject([
      { msg: 'graph has migrations of a newer version, older ones may go on', migrations: [newest + 1] },
    ])
    expect(markOf(fake)).toEqual([])
  })

  it('refuses where older versions may not, for good, and changes nothing', async () => {
    const fake = aGraphWith([
      ...applied.slice(0, 3),
      { number: newest + 1, name: 'more', endsOlder: false },
      { number: newest + 2, name: 'other keys', endsOlder: true },
    ])

    const refusing = prepareGraph(fake.graph, aLog().log)

    await expect(refusing).rejects.toThrow(GraphTooNew)
    await expect(refusing).rejects.toThrow(
      `The graph has migration ${newest + 2} (other keys) of a newer Headwater`,
    )
    expect(markOf(fake)).toEqual([])
  })
})

describe('migrateGraph, on a graph of an older version', () => {
  it('applies what is missing, in order, and marks whether that ends older versions', async () => {
    const fake = aGraphWith([{ number: 0 }, ...applied])
    const more: Migration[] = [
      { number: newest + 1, name: 'more', statements: [cypher`CREATE INDEX more FOR (n:More) ON (n.more)`] },
      { number: newest + 2, name: 'other keys', statements: [], endsOlder: true },
    ]

    await migrateGraph(fake.graph, aLog().log, [...migrations, ...more])

    expect(fake.done.slice(1)).toEqual([
      'CREATE INDEX more FOR (n:More) ON (n.more)',
      { number: newest + 1, name: 'more', endsOlder: false },
      { number: newest + 2, name: 'other keys', endsOlder: true },
    ])
  })
})
