import { readFileSync } from 'node:fs'
import type { Driver } from 'neo4j-driver'
import type { Graph } from '../../src/graph/connection.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { Facets, LineageEvent } from '../../src/openlineage/events.ts'
import { toInstant } from '../../src/openlineage/time.ts'
import { connectReader, read } from '../support/ask.ts'
import { readQuestions } from '../support/cookbook.ts'
import { aFacet, aRunEvent, aSchema, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { rebuildAlone, retainAll } from '../support/retained.ts'

const cookbook = readFileSync(new URL('../../docs/cypher-cookbook.md', import.meta.url), 'utf8')
const db = 'postgres://db:5432'

let graph: Graph
let driver: Driver

beforeAll(async () => {
  graph = connectTestGraph()
  driver = connectReader()
  await migrateGraph(graph, silent)
  await wipeGraph(graph)
})

afterAll(async () => {
  await wipeGraph(graph)
  await driver.close()
  await graph.close()
})

/** The query of the cookbook, of another table and other days. */
function toQuery({ from, to }: { from: string; to: string }): string {
  const found = readQuestions(cookbook).find(({ title }) => title.startsWith('Who has read this column'))
  return (found?.query ?? '')
    .replace("'s3://data-bucket', name: 'staging/customers'", `'${db}', name: 'customers'`)
    .replace('2026-11-22T00:00:00Z', from)
    .replace('2026-11-23T00:00:00Z', to)
}

async function ask(days: { from: string; to: string }): Promise<object[]> {
  return (await read(driver, toQuery(days))).records.map((record) => record.toObject() as object)
}

interface ReadingRun {
  day: number
  job: string
  column?: string
  eventType?: string
}

/** One run that reads the customers at noon of a day of March. */
function aReading({ day, job, column, eventType = 'COMPLETE' }: ReadingRun): LineageEvent {
  const inputFields = [{ namespace: db, name: 'customers', field: column ?? '' }]
  const columnLineage = { columnLineage: aFacet({ fields: { contact: { inputFields } } }) }
  const source = { type: 'git', url: 'https://git.example.com/etl', version: `${job}-1.0` }
  const hex = Buffer.from(`${day} ${job}`).toString('hex').padEnd(20, '0').slice(0, 20)
  const spark: Facets = { spark_applicationDetails: aFacet({ userName: `${job}@example.com` }) }
  return aRunEvent({
    eventType: eventType as 'COMPLETE',
    eventTime: `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`,
    run: {
      runId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12, 15)}-8${hex.slice(15, 18)}-000000000000`,
      facets: spark,
    },
    job: {
      namespace: 'etl',
      name: job,
      facets: {
        sourceCodeLocation: aFacet(source),
        ownership: aFacet({ owners: [{ name: `team:${job}`, type: 'OWNER' }] }),
      },
    },
    inputs: [{ namespace: db, name: 'customers', facets: aSchema('id', 'email') }],
    outputs: [{ namespace: db, name: `by_${job}`, facets: column === undefined ? {} : columnLineage }],
  })
}

/** A line of the answer. */
function reader(how: string, job: string, runs: number) {
  return {
    how,
    job,
    runs,
    code: [`${job}-1.0`],
    users: runs === 0 ? [] : [`${job}@example.com`],
    owners: [`team:${job}`],
  }
}

describe('who has read a column between two days', () => {
  it('is answered as proven and possible, also of days whose runs retention has removed, and after a rebuild', async () => {
    const days = [1, 2, 3, 4, 5, 6, 7, 8]
    const events = [
      ...days.map((day) => aReading({ day, job: 'mailing', column: 'email' })),
      ...days.map((day) => aReading({ day, job: 'counting' })),
      ...days.map((day) => aReading({ day, job: 'naming', column: 'id' })),
      aReading({ day: 4, job: 'failing', column: 'email', eventType: 'FAIL' }),
      aReading({ day: 8, job: 'later', column: 'email' }),
    ]
    await mergeInBatches(
      graph,
      events.map((event) => received(event)),
      50,
    )
    const between = { from: '2026-03-04T00:00:00Z', to: '2026-03-06T00:00:00Z' }
    const failing = { ...reader('proven', 'failing', 1), code: [] }

    expect(await ask(between)).toEqual([
      failing,
      reader('proven', 'mailing', 2),
      reader('possible', 'counting', 2),
      reader('possible', 'naming', 2),
    ])

    const old = toInstant('2026-03-07T00:00:00Z')
    const removed = await retainAll(graph, { eventsBefore: old, runsBefore: old, versionsBefore: old })
    expect(removed.runs).toBe(15)
    const kept = [
      failing,
      reader('proven', 'mailing', 0),
      reader('possible', 'counting', 0),
      reader('possible', 'naming', 0),
    ]
    expect(await ask(between)).toEqual(kept)

    await rebuildAlone(graph)
    expect(await ask(between)).toEqual(kept)
  })
})
