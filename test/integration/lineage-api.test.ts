import { randomUUID } from 'node:crypto'
import { expectShape } from '../support/ask-lineage.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aFacet, aRunEvent } from '../support/events.ts'

let collector: Collector
const namespace = `lineage-api-${randomUUID()}`
const idOf = (name: string) => `dataset:${namespace}:${name}`

beforeAll(async () => {
  collector = await startCollector()
  const ids: string[] = []
  for (const [index, [from, to]] of [
    ['a', 'b'],
    ['b', '=c'],
    ['b', 'd'],
  ].entries()) {
    const event = aRunEvent({
      eventType: 'COMPLETE',
      run: { runId: randomUUID() },
      job: {
        namespace,
        name: `job${index}`,
        facets: { ownership: aFacet({ owners: [{ name: '=cmd', type: 'OWNER' }] }) },
      },
      inputs: [{ namespace, name: from ?? '' }],
      outputs: [{ namespace, name: to ?? '' }],
    })
    const { body } = await collector.post(JSON.stringify(event))
    ids.push(String(body['id']))
  }
  await collector.merged(ids)
}, 120_000)

afterAll(async () => {
  await collector.close()
})

describe('GET /api/v2/lineage', () => {
  it('answers in the shape that the description of the API shows', async () => {
    const { status, body } = await collector.ask('GET', `/api/v2/lineage?of=${idOf('a')}`)

    expect(status).toBe(200)
    expectShape('Lineage', body)
    expect(body).toMatchObject({
      roots: [idOf('a')],
      direction: 'both',
      depth: 20,
      granularity: 'dataset',
      hidden: 0,
    })
  })

  it.each([
    ['', 'of must be there'],
    ['of=nothing', 'is no id'],
    ['of=dataset:a:b&at=2026-01-01&from=2026-01-01', 'say the one or the other'],
    ['of=dataset:a:b&from=2026-01-02&to=2026-01-01', 'from must not be later than to'],
    ['of=dataset:a:b&derivation=GUESS', 'derivation must be one of'],
    ['of=job:a:b&derivation=IO', 'derivation goes with'],
    ['of=dataset:a:b&granularity=run', 'There is no dataset:a:b'],
  ])('refuses %j and says what to do', async (query, said) => {
    const { status, body } = await collector.ask('GET', `/api/v2/lineage?${query}`)

    expect([400, 404]).toContain(status)
    expect(body['detail']).toContain(said)
  })
})

describe('GET /api/v2/impact', () => {
  it('gives every entry once, page by page', async () => {
    const listed: unknown[] = []
    let cursor = ''
    for (let pages = 0; pages < 10; pages += 1) {
      const path = `/api/v2/impact?of=${idOf('a')}&limit=2${cursor}`
      const { body } = await collector.ask('GET', path)
      expectShape('Impact', body)
      listed.push(...(body['impacted'] as { id: string }[]).map(({ id }) => id))
      if (typeof body['next'] !== 'string') break
      cursor = `&cursor=${body['next']}`
    }

    expect(listed).toEqual([
      idOf('b'),
      `job:${namespace}:job0`,
      idOf('=c'),
      idOf('d'),
      `job:${namespace}:job1`,
      `job:${namespace}:job2`,
    ])
  })

  it('lists only what is asked for', async () => {
    const { body } = await collector.ask(
      'GET',
      `/api/v2/impact?of=${idOf('a')}&kind=job&owner==cmd&namespace=${namespace}`,
    )

    expect(body['total']).toBe(3)
  })

  it('is CSV for who accepts that, with nothing in it that a spreadsheet would run', async () => {
    const response = await fetch(`${collector.url}/api/v2/impact?of=${idOf('a')}`, {
      headers: { accept: 'text/csv' },
    })
    const text = await response.text()

    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('x-truncated')).toBe('false')
    const [header, ...rows] = text.trim().split('\r\n')
    expect(header).toBe('id,kind,namespace,name,distance,owners,tags,derivation,path')
    expect(rows).toHaveLength(6)
    expect(rows.find((row) => row.startsWith(idOf('=c')))).toContain(",'=c,")
    expect(rows.find((row) => row.startsWith(`job:${namespace}:job0`))).toContain(",'=cmd (OWNER),")
  })
})

describe('GET /api/v2/path', () => {
  it('shows the steps from one thing to another', async () => {
    const { body } = await collector.ask('GET', `/api/v2/path?from=${idOf('a')}&to=${idOf('d')}`)

    expectShape('Paths', body)
    expect(body['paths']).toEqual([expect.objectContaining({ nodes: [idOf('a'), idOf('b'), idOf('d')] })])
  })
})
