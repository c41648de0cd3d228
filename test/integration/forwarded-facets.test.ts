import type { Graph, GraphTransaction } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { Facets, LineageEvent } from '../../src/openlineage/events.ts'
import { createEventValidator } from '../../src/validate/validate-event.ts'
import { aFacet, aRunEvent, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

const validate = createEventValidator({ strict: false })
const [child, parent] = ['0198c0de-0000-7000-8000-00000000000c', '0198c0de-0000-7000-8000-00000000000d']

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
})

beforeEach(async () => {
  await wipeGraph(graph)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

/** Merges events one by one, with what the receiver notes of their facets; tells which runs and jobs were locked for each. */
async function merge(...events: LineageEvent[]): Promise<{ runs: unknown; jobs: unknown }[]> {
  const locked: { runs: unknown; jobs: unknown }[] = []
  for (const event of events) {
    const seen: { runs: unknown; jobs: unknown } = { runs: [], jobs: [] }
    const watch = (tx: GraphTransaction): GraphTransaction => ({
      run: async (statement, parameters = {}) => {
        if (/SET r\.lock/.test(statement)) seen.runs = parameters['runIds']
        if (/SET j\.lock/.test(statement)) seen.jobs = parameters['names']
        return await tx.run(statement, parameters)
      },
    })
    const watched: Graph = { ...graph, inWrite: (work) => graph.inWrite((tx) => work(watch(tx))) }
    const verdict = validate(event)
    const brokenFacets = verdict.ok ? verdict.brokenFacets : []
    await mergeInBatches(watched, [received(event, { brokenFacets })], 1)
    locked.push(seen)
  }
  return locked
}

async function ask(statement: Statement): Promise<Record<string, unknown>[]> {
  return await graph.inRead((tx) => tx.run(statement))
}

const dag = { namespace: 'airflow', name: 'dag' }

function forwarding(minute: number, facets: { ofRun?: Facets; ofJob?: Facets }): LineageEvent {
  const { ofRun = {}, ofJob = {} } = facets
  return aRunEvent({
    eventTime: `2026-11-22T10:${minute}:00Z`,
    run: {
      runId: child,
      facets: {
        parent: aFacet({ run: { runId: parent, facets: ofRun }, job: { ...dag, facets: ofJob } }),
      },
    },
    job: { namespace: 'airflow', name: 'dag.task' },
  })
}

function own(minute: number, facets: { ofRun?: Facets; ofJob?: Facets }): LineageEvent {
  return aRunEvent({
    eventTime: `2026-11-22T10:${minute}:00Z`,
    run: { runId: parent, facets: facets.ofRun ?? {} },
    job: { ...dag, facets: facets.ofJob ?? {} },
  })
}

const error = (message: string) => ({ errorMessage: aFacet({ message, programmingLanguage: 'x' }) })

const engine = (name: string) => ({ processing_engine: aFacet({ version: '1', name }) })
const jobType = (integration: string, processingType = 'BATCH') => ({
  jobType: aFacet({ integration, processingType, jobType: 'DAG' }),
})
const shown = cypher`
  MATCH (r:Run {runId: '0198c0de-0000-7000-8000-00000000000d'})-[:RUN_OF]->(j:Job)
  RETURN r.engine AS engine, r.errorMessage AS error, r.state AS state, j.integration AS integration
`

describe('facets that a run forwards of its parent', () => {
  it('show on the parent while it says nothing itself', async () => {
    await merge(forwarding(30, { ofRun: engine('Airflow'), ofJob: jobType('AIRFLOW') }))

    expect(await ask(shown)).toEqual([
      { engine: 'Airflow', error: null, state: null, integration: 'AIRFLOW' },
    ])
  })

  it('give way to the parent’s own, whatever the time of either', async () => {
    const said = [
      own(10, { ofRun: engine('own'), ofJob: jobType('OWN') }),
      forwarding(30, { ofRun: engine('forwarded'), ofJob: jobType('FORWARDED') }),
    ]

    for (const events of [said, said.toReversed()]) {
      await wipeGraph(graph)
      await merge(...events)
      expect(await ask(shown)).toMatchObject([{ engine: 'own', integration: 'OWN' }])
    }
  })

  it('fill what the parent does not say', async () => {
    await merge(own(10, { ofRun: engine('own') }), forwarding(15, { ofJob: jobType('FORWARDED') }))

    expect(await ask(shown)).toMatchObject([{ engine: 'own', integration: 'FORWARDED' }])
  })

  it('tell its error and the kind of its job, until it does so itself', async () => {
    const completed = { ...own(20, {}), eventType: 'COMPLETE' as const }
    await merge(
      own(10, {}),
      forwarding(30, { ofRun: error('told'), ofJob: jobType('FLINK', 'STREAMING') }),
      completed,
      own(40, {}),
    )
    expect(await ask(shown)).toMatchObject([{ error: 'told', state: 'START' }])

    await merge(own(15, { ofRun: error('own'), ofJob: jobType('FLINK', 'BATCH') }))
    expect(await ask(shown)).toMatchObject([{ error: 'own', state: 'COMPLETE' }])
  })

  it('do not come back over a facet that the job has deleted', async () => {
    await merge(
      own(10, { ofJob: { jobType: { _deleted: true } } }),
      forwarding(30, { ofJob: jobType('FORWARDED') }),
    )

    expect(await ask(shown)).toMatchObject([{ integration: null }])
  })

  it('count of the root as well, and do no more than facets do', async () => {
    const root = '0198c0de-0000-7000-8000-00000000000e'
    const parentFacet = aFacet({
      run: { runId: parent },
      job: dag,
      root: {
        run: {
          runId: root,
          facets: { ...engine('Airflow'), parent: aFacet({ run: { runId: child }, job: dag }) },
        },
        job: { namespace: 'airflow', name: 'root' },
      },
    })
    await merge(
      aRunEvent({
        run: { runId: child, facets: { parent: parentFacet } },
        job: { namespace: 'airflow', name: 'dag.task' },
      }),
    )

    expect(
      await ask(cypher`
        MATCH (r:Run {engine: 'Airflow'})-[:RUN_OF]->(j:Job) RETURN j.name AS name, COUNT { (r)-[:CHILD_OF]->() } AS parents
      `),
    ).toEqual([{ name: 'root', parents: 0 }])
  })

  it('are kept, warned about and not interpreted where they break their schema', async () => {
    const event = forwarding(30, { ofRun: { processing_engine: aFacet({ name: 'no version' }) } })
    const verdict = validate(event)

    await merge(event)

    expect(verdict).toMatchObject({
      warnings: [
        { pointer: '#/run/facets/parent/run/facets/processing_engine/version', detail: 'is required' },
      ],
      brokenFacets: ['#/run/facets/parent/run/facets/processing_engine'],
    })
    expect(await ask(shown)).toMatchObject([{ engine: null }])
    expect(
      await ask(
        cypher`MATCH (r:Run) WHERE r.facet_processing_engine CONTAINS 'no version' RETURN r.runId AS runId`,
      ),
    ).toEqual([{ runId: parent }])
  })
})

describe('a parent of which nothing new is forwarded', () => {
  it('is not locked, so that its children do not wait for each other', async () => {
    const said = { ofRun: engine('Airflow'), ofJob: jobType('AIRFLOW') }
    const locks = await merge(
      forwarding(30, said),
      // Older: it changes nothing, though nothing of the parent's own has come yet.
      forwarding(20, said),
      own(10, said),
      forwarding(40, { ofRun: engine('another'), ofJob: jobType('ANOTHER') }),
      // A facet that the parent does not have is news.
      forwarding(50, { ofRun: { tags: aFacet({ tags: [] }) } }),
    )

    expect(locks.map(({ runs }) => runs)).toEqual([
      [child, parent],
      [child],
      [parent],
      [child],
      [child, parent],
    ])
    expect(locks.at(3)).toMatchObject({ jobs: [{ namespace: 'airflow', name: 'dag.task' }] })
  })
})

describe('_deleted on a facet that outlives nothing', () => {
  it('is a word like any other', async () => {
    const nominalTime = aFacet({ nominalStartTime: '2026-11-22T08:00:00Z', _deleted: true })
    const inputStatistics = aFacet({ rowCount: 5, _deleted: true })
    const outputStatistics = aFacet({ rowCount: 6, _deleted: true })
    await merge(
      aRunEvent({
        run: { runId: child, facets: { nominalTime, mine: { _deleted: true } } },
        inputs: [{ namespace: 'db', name: 'a', inputFacets: { inputStatistics, mine: { _deleted: true } } }],
        outputs: [{ namespace: 'db', name: 'b', outputFacets: { outputStatistics } }],
      }),
    )

    expect(
      await ask(cypher`
        MATCH (a:Dataset)<-[x:READ]-(r:Run)-[w:WROTE]->(b:Dataset)
        RETURN toString(r.nominalStartAt) AS nominal, r.facets_other AS ofRun, x.facets_other AS ofInput,
          x.rowCount AS read, w.rowCount AS written
      `),
    ).toEqual([
      {
        nominal: '2026-11-22T08:00:00Z',
        ofRun: '{"mine":{"_deleted":true}}',
        ofInput: '{"mine":{"_deleted":true}}',
        read: 5,
        written: 6,
      },
    ])
  })
})
