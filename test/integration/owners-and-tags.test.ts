import type { Graph } from '../../src/graph/connection.ts'
import { cypher, type Statement } from '../../src/graph/cypher.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { Facets, LineageEvent } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aFacet, aJobEvent, aRunEvent, aSchema, received } from '../support/events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

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

async function merge(...events: LineageEvent[]): Promise<void> {
  await mergeInBatches(
    graph,
    events.map((event) => received(event)),
    1,
  )
}

async function ask(statement: Statement): Promise<Record<string, unknown>[]> {
  return await graph.inRead((tx) => tx.run(statement))
}

function ownedJob(minute: number, ownership: Facets): LineageEvent {
  return aJobEvent({
    eventTime: `2026-11-22T10:0${minute}:00Z`,
    job: { namespace: 'jobs', name: 'load', facets: { ownership } },
  })
}

function taggedDataset(minute: number, tags: Facets, facets: Facets = {}): LineageEvent {
  return aDatasetEvent({
    eventTime: `2026-11-22T10:0${minute}:00Z`,
    dataset: { namespace: 'db', name: 'orders', facets: { tags, ...facets } },
  })
}

const owners = (...names: [name: string, type?: string][]) =>
  aFacet({ owners: names.map(([name, type]) => ({ name, ...(type === undefined ? {} : { type }) })) })
const tags = (...said: Facets[]) => aFacet({ tags: said })
const pii = { key: 'pii', value: 'true', source: 'DBT' }
const tombstone = { _deleted: true }

const allOwners = cypher`
  MATCH (o:Owner)-[x:OWNS]->(t) RETURN o.name AS owner, x.type AS type, labels(t)[0] AS of, t.name AS name ORDER BY owner, type
`
const allTags = cypher`
  MATCH (t)-[x:TAGGED]->(tag:Tag)
  RETURN labels(t)[0] AS of, coalesce(t.name, t.runId) AS name, tag.key AS key, tag.value AS value, x.source AS source
  ORDER BY of, name, key, value, source
`

describe('the owners of a job', () => {
  it('are those of the newest facet, one relationship for each role', async () => {
    await merge(
      ownedJob(1, owners(['ann', 'MAINTAINER'], ['ann', 'OWNER'], ['bob', ''])),
      ownedJob(0, owners(['carl'])),
    )

    expect(await ask(allOwners)).toEqual([
      { owner: 'ann', type: 'MAINTAINER', of: 'Job', name: 'load' },
      { owner: 'ann', type: 'OWNER', of: 'Job', name: 'load' },
      { owner: 'bob', type: null, of: 'Job', name: 'load' },
    ])
  })

  it('lose who is not named any more, and stay without anyone once the facet is deleted', async () => {
    await merge(ownedJob(0, owners(['ann'], ['bob'])), ownedJob(1, owners(['bob'])))
    expect(await ask(allOwners)).toEqual([{ owner: 'bob', type: null, of: 'Job', name: 'load' }])

    await merge(ownedJob(3, tombstone), ownedJob(2, owners(['ann'])))
    expect(await ask(allOwners)).toEqual([])
  })

  it('are nodes that stay once they are named, whichever facet comes first', async () => {
    await merge(ownedJob(0, owners(['ann'])), ownedJob(1, owners(['bob'])))
    const inOrder = await dumpGraph(graph)
    await wipeGraph(graph)
    await merge(ownedJob(1, owners(['bob'])), ownedJob(0, owners(['ann'])))

    expect(await dumpGraph(graph)).toEqual(inOrder)
    expect(await ask(cypher`MATCH (o:Owner) RETURN o.name AS name ORDER BY name`)).toEqual([
      { name: 'ann' },
      { name: 'bob' },
    ])
  })

  it('are not those without a name, or with a name that no index takes', async () => {
    await merge(ownedJob(0, owners([''], ['x'.repeat(10_000)], ['ann'])))

    expect(await ask(allOwners)).toMatchObject([{ owner: 'ann' }])
  })
})

const tagged = (hour: number) =>
  aDatasetEvent({
    eventTime: `2026-11-22T${hour}:30:00Z`,
    dataset: { namespace: 'db', name: 'orders', facets: { tags: tags({ ...pii, field: 'mail' }) } },
  })

describe('a tag', () => {
  it('stands on jobs, runs, datasets and fields, with an empty value where it is only a word', async () => {
    const facets = { tags: tags({ key: 'daily', value: '' }) }
    await merge(
      aRunEvent({
        run: { runId: 'r', facets },
        job: { namespace: 'jobs', name: 'load', facets },
        inputs: [
          {
            namespace: 'db',
            name: 'orders',
            facets: {
              tags: tags({ key: 'daily', value: '' }, { ...pii, field: 'mail' }),
              ...aSchema('mail'),
            },
          },
        ],
      }),
    )

    expect(await ask(allTags)).toEqual([
      { of: 'Dataset', name: 'orders', key: 'daily', value: '', source: null },
      { of: 'Field', name: 'mail', key: 'pii', value: 'true', source: 'DBT' },
      { of: 'Job', name: 'load', key: 'daily', value: '', source: null },
      { of: 'Run', name: 'r', key: 'daily', value: '', source: null },
    ])
  })

  it('is said once for each source', async () => {
    await merge(taggedDataset(0, tags(pii, { ...pii, source: 'USER' }, pii)))

    expect(await ask(allTags)).toMatchObject([{ source: 'DBT' }, { source: 'USER' }])
  })

  it('goes when the newest facet lacks it, from the dataset and from its fields', async () => {
    await merge(
      taggedDataset(0, tags(pii, { ...pii, field: 'mail' }, { ...pii, field: 'phone' })),
      taggedDataset(1, tags({ ...pii, field: 'phone' })),
    )
    expect(await ask(allTags)).toMatchObject([{ of: 'Field', name: 'phone' }])

    await merge(taggedDataset(2, tombstone))
    expect(await ask(allTags)).toEqual([])
  })

  it('does not come back with an older event', async () => {
    await merge(taggedDataset(1, tags()), taggedDataset(0, tags(pii)))

    expect(await ask(allTags)).toEqual([])
  })

  it('makes a stub of a field that no schema has named yet, nested ones by their path', async () => {
    await merge(taggedDataset(0, tags({ ...pii, field: 'address.street' })))
    const fields = cypher`
      MATCH (:Dataset {name: 'orders'})-[:HAS_FIELD]->(f:Field)
      RETURN f.name AS name, f.type AS type, f.removedAt IS NULL AS isThere ORDER BY name
    `
    expect(await ask(fields)).toEqual([{ name: 'address.street', type: null, isThere: true }])

    const schema = aFacet({ fields: [{ name: 'address', fields: [{ name: 'street', type: 'text' }] }] })
    await merge(
      taggedDataset(1, tags({ ...pii, field: 'address.street' }, { ...pii, field: 'old' }), { schema }),
    )
    expect(await ask(fields)).toEqual([
      { name: 'address', type: null, isThere: true },
      { name: 'address.street', type: 'text', isThere: true },
      { name: 'old', type: null, isThere: false },
    ])
  })

  it('counts as a sighting of its field, also where the facet says the same again', async () => {
    await merge(tagged(12), tagged(10), tagged(11))

    expect(
      await ask(
        cypher`MATCH (f:Field) RETURN toString(f.firstSeenAt) AS first, toString(f.lastSeenAt) AS last`,
      ),
    ).toEqual([{ first: '2026-11-22T10:30:00Z', last: '2026-11-22T12:00:00Z' }])
  })
})

describe('workers that tag at once with tags that nobody has used', () => {
  it('make each tag and owner once, and each relationship', async () => {
    const events = Array.from({ length: 40 }, (_, index) =>
      received(
        aRunEvent({
          run: { runId: `r${index}`, facets: { tags: tags(pii, { key: `k${index % 5}`, value: '' }) } },
          job: {
            namespace: 'jobs',
            name: `j${index}`,
            facets: { ownership: owners(['ann'], [`o${index % 5}`]) },
          },
        }),
      ),
    )
    const shares = [0, 1, 2, 3].map((share) => events.filter((_, index) => index % 4 === share))

    await Promise.all(shares.map((share) => mergeInBatches(graph, share, 5)))

    expect(
      await ask(cypher`
        RETURN COUNT { MATCH (:Tag) } AS tags, COUNT { MATCH (:Owner) } AS owners,
          COUNT { MATCH (:Run)-[:TAGGED]->(:Tag) } AS tagged, COUNT { MATCH (:Owner)-[:OWNS]->(:Job) } AS owned
      `),
    ).toEqual([{ tags: 6, owners: 6, tagged: 80, owned: 80 }])
  }, 60_000)
})
