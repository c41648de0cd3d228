import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import type { Facets, LineageEvent } from '../../src/openlineage/events.ts'
import type { FacetLocation } from '../../src/openlineage/facets.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aDatasetEvent, aRunEvent } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { officialEffects, type OfficialEffect } from '../support/official-effects.ts'

/*
 * The examples of the standard itself, each sent through the door in an event of its own; the graph then shows what each says.
 * They lie beside this repository (`../shared/reference/openlineage-spec`): without them this test is skipped, and says so.
 */

const examplesUrl = new URL('../../../shared/reference/openlineage-spec/tests/', import.meta.url)
const areThere = existsSync(examplesUrl)
if (!areThere) console.warn('skipped: the official examples are not there (../shared)')

const wholeEventFile = 'example_full_event.json'

let collector: Collector
const answers = new Map<string, { status: number; id: string }>()

function readExample(file: string): Facets {
  return JSON.parse(readFileSync(new URL(file, examplesUrl), 'utf8')) as Facets
}

/** One run for each example, completed, or a DatasetEvent. All that it names is named after the example. */
function toEvent(file: string, place: FacetLocation | 'dataset event', index: number): LineageEvent {
  const facets = readExample(file)
  const at = (where: string) => (where === place ? facets : {})
  const named = (side: string) => ({ namespace: 'official', name: `${file} ${side}` })
  if (place === 'dataset event') return aDatasetEvent({ dataset: { ...named('out'), facets } })
  return aRunEvent({
    eventType: 'COMPLETE',
    run: { runId: `00000000-0000-7000-8000-0000000001${String(index).padStart(2, '0')}`, facets: at('run') },
    job: { namespace: 'official', name: file, facets: at('job') },
    inputs: [{ ...named('in'), inputFacets: at('input') }],
    outputs: [{ ...named('out'), facets: at('dataset'), outputFacets: at('output') }],
  })
}

async function post(file: string, text: string): Promise<void> {
  const { status, body } = await collector.post(text)
  answers.set(file, { status, id: String(body['id']) })
}

async function query(statement: Statement, file: string): Promise<Record<string, unknown>[]> {
  const names = { job: file, input: `${file} in`, output: `${file} out` }
  return await collector.graph.inRead((tx) => tx.run(statement, names))
}

const describeWithExamples = areThere ? describe : describe.skip

describeWithExamples('the official examples', () => {
  beforeAll(async () => {
    collector = await startCollector()
    await wipeGraph(collector.graph)
    for (const [index, { file, place }] of officialEffects.entries())
      await post(file, JSON.stringify(toEvent(file, place, index)))
    await post(wholeEventFile, readFileSync(new URL(wholeEventFile, examplesUrl), 'utf8'))
    await collector.merged([...answers.values()].map(({ id }) => id))
  }, 180_000)

  afterAll(async () => {
    await wipeGraph(collector.graph)
    await collector.close()
  })

  it('are 47, and all accepted', () => {
    const files = readdirSync(fileURLToPath(examplesUrl), { recursive: true, encoding: 'utf8' })
    const examples = files.filter((file) => file.endsWith('.json'))

    expect(examples).toHaveLength(47)
    expect([...answers.keys()].toSorted()).toEqual(examples.toSorted())
    expect([...answers.values()].filter(({ status }) => status !== 201)).toEqual([])
  })

  it('leave no dead letter', async () => {
    expect(await collector.deadLetters.count()).toBe(0)
  })

  it.each<OfficialEffect>(officialEffects)(
    'have their effect: $file',
    async ({ file, statement, expected }) => {
      expect(await query(statement, file)).toEqual(expected)
    },
  )

  it('have their effect: the whole event', async () => {
    const statement = cypher`
      MATCH (r:Run {runId: 'f69a6e9b-9bac-3c9a-9cf6-eacb70ecc9a9'})-[:RUN_OF]->(j:Job {namespace: 'food_delivery', name: 'dbt'})
      RETURN r.state AS state, toString(r.endedAt) AS endedAt, j.sql AS sql
    `

    expect(await query(statement, wholeEventFile)).toEqual([
      { state: 'COMPLETE', endedAt: '2023-07-17T10:54:22.355067Z', sql: 'SELECT 1' },
    ])
  })
})
