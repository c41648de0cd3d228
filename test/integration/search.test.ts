import { Ajv2020 } from 'ajv/dist/2020.js'
import { createAskGraph } from '../../src/read/ask-graph.ts'
import { answerSchemas } from '../../src/read/answer-schemas.ts'
import type { SearchHit } from '../../src/read/search/rank-candidates.ts'
import { rankCandidates } from '../../src/read/search/rank-candidates.ts'
import { findCandidates } from '../../src/read/search/find-candidates.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { eventually } from '../support/eventually.ts'
import { aDatasetEvent, aFacet, aJobEvent } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'

let collector: Collector

const dataset = (namespace: string, name: string, facets = {}) =>
  aDatasetEvent({ dataset: { namespace, name, facets } })
const job = (name: string, facets = {}) => aJobEvent({ job: { namespace: 'airflow', name, facets } })
const events = [
  dataset('postgres', 'warehouse.public.sales_daily', {
    documentation: aFacet({ description: 'Turnover of each shop, by day.' }),
    schema: aFacet({
      fields: [
        { name: 'customerEmail', type: 'text' },
        { name: 'turnover', type: 'int' },
      ],
    }),
    ownership: aFacet({ owners: [{ name: 'team:finance', type: 'OWNER' }] }),
    tags: aFacet({ tags: [{ key: 'pii', value: 'email', source: 'USER' }] }),
  }),
  dataset('postgres', 'sales'),
  dataset('postgres', 'sales_2024'),
  dataset('s3://lake', 'raw/events-clicked/part'),
  dataset('hidden', 'secret_sales'),
  job('data_lineage_example.fetch_data_task'),
  job('sendDailyReport', { documentation: aFacet({ description: 'Mails the sales of yesterday.' }) }),
]

beforeAll(async () => {
  collector = await startCollector()
  await wipeGraph(collector.graph)
  await collector.postBatch(JSON.stringify(events))
  await eventually(
    async () =>
      (await search('sales_daily')).length > 0 &&
      (await search('fetch')).length > 0 &&
      (await search('mails')).length > 0,
  )
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

async function search(q: string, more = ''): Promise<SearchHit[]> {
  const { status, body } = await collector.ask('GET', `/api/v2/search?q=${encodeURIComponent(q)}${more}`)
  expect(status).toBe(200)
  return body['results'] as SearchHit[]
}

const names = (hits: readonly SearchHit[]) => hits.map(({ name }) => name)

describe('GET /api/v2/search', () => {
  it('puts the very name first, then what begins so, then names with the word, then the rest', async () => {
    const hits = await search('sales')

    expect(names(hits)).toEqual(
      ['sales', 'sales_2024', 'warehouse.public.sales_daily', 'secret_sales', 'sendDailyReport'].toSorted(
        (a, b) => names(hits).indexOf(a) - names(hits).indexOf(b),
      ),
    )
    expect(names(hits).slice(0, 2)).toEqual(['sales', 'sales_2024'])
    expect(hits.at(-1)).toMatchObject({
      kind: 'job',
      name: 'sendDailyReport',
      matched: [{ field: 'description', text: 'Mails the sales of yesterday.' }],
    })
    const validate = new Ajv2020({ strict: false })
      .addSchema({ $id: 'all', components: { schemas: answerSchemas } })
      .compile({ $ref: 'all#/components/schemas/SearchHit' })
    expect(hits.filter((hit) => !validate(hit))).toEqual([])
  })

  it.each([
    ['fetch data', 'data_lineage_example.fetch_data_task'],
    ['fetch_data_task', 'data_lineage_example.fetch_data_task'],
    ['slaes', 'sales'],
    ['warehuose', 'warehouse.public.sales_daily'],
    ['daily report', 'sendDailyReport'],
    ['report', 'sendDailyReport'],
    ['senddailyreport', 'sendDailyReport'],
    ['clicked', 'raw/events-clicked/part'],
    ['SALES_DAILY', 'warehouse.public.sales_daily'],
    ['sales_2024', 'sales_2024'],
    ['turnover of each shop', 'warehouse.public.sales_daily'],
  ])('finds by "%s" first %s', async (q, name) => {
    expect(names(await search(q))[0]).toBe(name)
  })

  it('shows a column as its dataset, with all places where it was found', async () => {
    const [hit] = await search('customer email')

    expect(hit).toMatchObject({
      id: 'dataset:postgres:warehouse.public.sales_daily',
      matched: [{ field: 'column', text: 'customerEmail' }, { field: 'tag' }],
    })
  })

  it('finds owners and tags, and what they own and are on', async () => {
    const owners = await search('finance')
    const tags = await search('pii')

    expect(owners.map(({ id }) => id)).toEqual([
      'owner:team%3Afinance',
      'dataset:postgres:warehouse.public.sales_daily',
    ])
    expect(owners[1]?.matched).toEqual([{ field: 'owner', text: 'team:finance' }])
    expect(tags.map(({ id }) => id)).toEqual([
      'tag:pii:email',
      'dataset:postgres:warehouse.public.sales_daily',
    ])
  })

  it.each(['a OR b', 'name:*', '"', '(((', '\\', '[a TO z]', '*', '~', '&& ||', '/.*/', '+-!', '😀', '漢字'])(
    'takes %s for words, not for syntax',
    async (q) => {
      expect(Array.isArray(await search(q))).toBe(true)
    },
  )

  it('keeps to a kind and to namespaces, and goes on page by page', async () => {
    expect(names(await search('sales', '&kind=job'))).toEqual(['sendDailyReport'])
    expect(names(await search('sales', '&namespace=hidden'))).toEqual(['secret_sales'])

    const { body } = await collector.ask('GET', '/api/v2/search?q=sales&limit=2')
    const rest = await search('sales', `&limit=10&cursor=${String(body['next'])}`)

    expect(names(body['results'] as SearchHit[])).toEqual(['sales', 'sales_2024'])
    expect(names(rest)).not.toContain('sales')
  })

  it('leaves out what a reader may not see', async () => {
    const ask = createAskGraph(collector.graph)
    const rows = await ask((tx) => findCandidates(tx, { asked: 'sales', namespaces: ['postgres'] }))

    expect(new Set(rankCandidates('sales', rows).map(({ namespace }) => namespace))).toEqual(
      new Set(['postgres']),
    )
  })

  it('finds what a reader may see behind more than it looks at of what others have', async () => {
    const others = Array.from({ length: 300 }, (_, number) => dataset('others', `invoices_${number}`))
    await collector.postBatch(JSON.stringify([...others, dataset('postgres', 'old_archive_of_invoices')]))
    const ask = createAskGraph(collector.graph)
    const namesFor = async (namespaces: string[] | null) =>
      (await ask((tx) => findCandidates(tx, { asked: 'invoices', namespaces }))).map(({ name }) => name)
    await eventually(async () => (await namesFor(['postgres'])).length > 0, { withinMs: 60_000 })
    await eventually(async () => (await namesFor(null)).length >= 100, { withinMs: 60_000 })

    expect(new Set(await namesFor(['postgres']))).toEqual(new Set(['old_archive_of_invoices']))
  }, 150_000)

  it('refuses a question without words', async () => {
    expect((await collector.ask('GET', '/api/v2/search')).status).toBe(400)
    expect((await collector.ask('GET', `/api/v2/search?q=${'x'.repeat(201)}`)).status).toBe(400)
  })
})
