import { startFakeCollector, type FakeCollector } from './fake-collector.ts'

let collector: FakeCollector

beforeEach(async () => {
  collector = await startFakeCollector()
})

afterEach(async () => {
  await collector.close()
})

const path = '/api/v2/lineage'
const orders = 'dataset:s3%3A//bucket:orders'
const feeds = (from: string, to: string, said: object = {}) => ({
  from: `dataset:db:${from}`,
  to: `dataset:db:${to}`,
  kind: 'FEEDS',
  derivation: 'JOB',
  current: true,
  job: 'job:airflow:dag.load',
  lastSeenAt: '2026-11-22T10:00:00.000000000Z',
  ...said,
})

const column = (dataset: string, name: string, distance: number) => ({
  id: `field:db:${dataset}:${name}`,
  kind: 'field',
  namespace: 'db',
  dataset,
  name,
  downstreamDistance: distance,
})
/** A diamond with a cycle behind it: a → b, c → d → a. */
const diamond = {
  roots: ['dataset:db:a'],
  direction: 'downstream',
  depth: 20,
  granularity: 'dataset',
  nodes: ['a', 'b', 'c', 'd'].map((name) => ({
    id: `dataset:db:${name}`,
    kind: 'dataset',
    namespace: 'db',
    name,
  })),
  edges: [
    feeds('a', 'b'),
    feeds('a', 'c', { current: false }),
    feeds('b', 'd'),
    feeds('c', 'd'),
    feeds('c', 'd', { derivation: 'COLUMN' }),
    feeds('d', 'a'),
  ],
  truncated: { nodes: false, depth: false, fanOut: [] },
  hidden: 0,
}

describe('headwater lineage', () => {
  it('draws a tree, unfolds each node once, and marks where it hangs again', async () => {
    collector.answers.set(path, diamond)

    const { stdout, stderr, exitCode } = await collector.run(['lineage', 'dataset:db:a', '--downstream'])

    expect(stdout).toBe(
      [
        'a  db  downstream',
        '├─ b  db  JOB by dag.load',
        '│  └─ d  db  JOB by dag.load',
        '│     └─ a  db *  JOB by dag.load',
        '└─ c  db  JOB by dag.load  no longer, last 2026-11-22 10:00:00',
        '   └─ d  db *  JOB by dag.load; COLUMN by dag.load',
        '',
      ].join('\n'),
    )
    expect(stderr).toBe('4 nodes, 6 edges.\n* unfolded elsewhere.\n')
    expect(exitCode).toBe(0)
  })

  it('draws both ways where both were asked for, and says that a way is empty', async () => {
    collector.answers.set(path, {
      ...diamond,
      roots: ['dataset:db:d'],
      direction: 'both',
      edges: [feeds('c', 'd', { type: 'DIRECT', subtype: 'IDENTITY', masking: true })],
    })

    const { stdout } = await collector.run(['lineage', 'dataset:db:d'])

    expect(stdout.trimEnd().split('\n')).toEqual([
      'd  db  upstream',
      '└─ c  db  DIRECT IDENTITY masked by dag.load',
      '',
      'd  db  nothing downstream',
    ])
  })

  it('draws what is joined whichever way', async () => {
    collector.answers.set(path, {
      ...diamond,
      roots: ['dataset:db:b'],
      direction: 'either',
      edges: [feeds('a', 'b'), feeds('a', 'c')],
    })

    const { stdout } = await collector.run(['lineage', 'dataset:db:b', '--either'])

    expect(stdout.trimEnd().split('\n')).toEqual([
      'b  db  joined with it',
      '└─ a  db  ←  JOB by dag.load',
      '   └─ c  db  →  JOB by dag.load',
    ])
  })

  it('goes from one name of a thing to the other, but only where the walk did', async () => {
    const sameAs = (from: string, to: string) =>
      feeds(from, to, { kind: 'SAME_AS', derivation: undefined, job: undefined })
    collector.answers.set(path, {
      ...diamond,
      nodes: [
        { id: 'dataset:db:a', upstreamDistance: 0, downstreamDistance: 0 },
        { id: 'dataset:db:b', upstreamDistance: 0, downstreamDistance: 0 },
        { id: 'dataset:db:c', upstreamDistance: 1 },
        { id: 'dataset:db:d', downstreamDistance: 1 },
      ],
      edges: [sameAs('b', 'a'), sameAs('c', 'a'), feeds('b', 'd')],
    })

    const { stdout } = await collector.run(['lineage', 'dataset:db:a', '--downstream'])

    expect(stdout.trimEnd().split('\n')).toEqual([
      'a  db  downstream',
      '└─ b  db  SAME_AS',
      '   └─ d  db  JOB by dag.load',
    ])
  })

  it('begins at what a job writes, where datasets are drawn', async () => {
    collector.answers.set(path, {
      ...diamond,
      roots: ['job:airflow:dag.load'],
      nodes: ['b', 'd'].map((name, distance) => ({ id: `dataset:db:${name}`, downstreamDistance: distance })),
      edges: [{ ...feeds('b', 'd'), via: ['dataset:db:tmp'] }],
    })

    const { stdout } = await collector.run(['lineage', 'job:airflow:dag.load', '--granularity', 'dataset'])

    expect(stdout.trimEnd().split('\n')).toEqual([
      'dag.load job  airflow  downstream',
      '└─ b  db',
      '   └─ d  db  JOB by dag.load over tmp',
    ])
  })

  it('begins at the columns of a dataset, where columns are drawn', async () => {
    collector.answers.set(path, {
      ...diamond,
      roots: ['dataset:db:a'],
      nodes: [
        { id: 'dataset:db:a', kind: 'dataset', downstreamDistance: 0 },
        column('a', 'x', 0),
        column('a', 'y', 0),
        column('b', 'x', 1),
      ],
      edges: [{ ...feeds('', ''), from: 'field:db:a:x', to: 'field:db:b:x', type: 'DIRECT' }],
    })

    const { stdout } = await collector.run(['lineage', 'dataset:db:a', '--granularity', 'field'])

    expect(stdout.trimEnd().split('\n')).toEqual([
      'a  db  downstream',
      '├─ a.x  db',
      '│  └─ b.x  db  DIRECT by dag.load',
      '└─ a.y  db',
    ])
  })

  it('passes on what is asked', async () => {
    collector.answers.set(path, diamond)

    await collector.run(
      `lineage ${orders} dataset:db:b --upstream --depth 3 --granularity job --at 24h --namespace a --namespace b --job-type DAG --tag pii --derivation COLUMN --fold --control --limit 50`.split(
        ' ',
      ),
    )

    const [asked = ''] = collector.asked
    expect([...new URL(asked.split(' ')[1] ?? '', 'http://x').searchParams]).toEqual([
      ['of', orders],
      ['of', 'dataset:db:b'],
      ['direction', 'upstream'],
      ['depth', '3'],
      ['granularity', 'job'],
      ['at', '24h'],
      ['namespace', 'a'],
      ['namespace', 'b'],
      ['jobType', 'DAG'],
      ['tag', 'pii'],
      ['derivation', 'COLUMN'],
      ['fold', 'true'],
      ['control', 'true'],
      ['limit', '50'],
    ])
  })

  it('says what was left out', async () => {
    collector.answers.set(path, {
      ...diamond,
      truncated: { nodes: true, depth: true, fanOut: ['dataset:db:b'] },
      hidden: 1234,
    })

    const { stdout, stderr } = await collector.run(['lineage', 'dataset:db:a'])

    expect(stdout).toContain('b  db  … more neighbours than are shown')
    expect(stderr.trimEnd().split('\n')).toEqual([
      '4 nodes, 6 edges.',
      '* unfolded elsewhere.',
      'There are more nodes than --limit allows: the farthest are left out.',
      'It goes on beyond depth 20: --depth.',
      'Not all neighbours of db/b are shown.',
      '1,234 left out: the key may not see their namespaces.',
    ])
  })

  it('prints the answer itself for scripts', async () => {
    collector.answers.set(path, diamond)

    const { stdout, stderr } = await collector.run(['lineage', 'dataset:db:a', '--json'])

    expect(JSON.parse(stdout)).toEqual(diamond)
    expect(stderr).toBe('')
  })

  it('has colours on a terminal, and ends its lines where the terminal ends', async () => {
    collector.answers.set(path, diamond)
    const args = ['lineage', 'dataset:db:a']

    const coloured = await collector.run(args, { columns: 40 })
    const plain = await collector.run(args, { columns: 20, env: { NO_COLOR: '1' } })
    const dumb = await collector.run(args, { columns: 20, env: { TERM: 'dumb' } })

    expect(coloured.stdout).toContain('\u001B[1ma\u001B[22m')
    expect(plain.stdout).not.toContain('\u001B')
    expect(dumb.stdout).toBe(plain.stdout)
    expect(plain.stdout.split('\n')[1]).toBe('├─ b  db  JOB by da…')
  })

  it('keeps control characters in names away from the terminal', async () => {
    const id = 'dataset:db:\u001B[2Jevil'
    collector.answers.set(path, { ...diamond, roots: [id], nodes: [], edges: [] })

    const { stdout } = await collector.run(['lineage', id])

    expect(stdout).toContain(' [2Jevil')
    expect(stdout).not.toContain('\u001B')
  })

  it('refuses two directions, and says what a collector has against it', async () => {
    const both = await collector.run(['lineage', 'dataset:db:a', '--upstream', '--downstream'])
    const unknown = await collector.run(['lineage', 'dataset:db:z'])

    expect([both.exitCode, both.stderr]).toEqual([
      2,
      expect.stringContaining('One of --upstream, --downstream, --either;'),
    ])
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      1,
      'headwater: The graph does not have it. Look again.\n',
    ])
  })

  it('draws a chain of thousands without running out of stack', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `n${index}`)
    const edges = names.slice(1).map((name, index) => feeds(`n${index}`, name))
    collector.answers.set(path, { ...diamond, roots: ['dataset:db:n0'], nodes: [], edges })

    const { stdout } = await collector.run(['lineage', 'dataset:db:n0'], { columns: 30 })

    expect(stdout.trimEnd().split('\n')).toHaveLength(5000)
  })
})

const hit = (id: string, kind = 'dataset') => ({
  id,
  kind,
  namespace: 'db',
  name: id,
  score: 1,
  matched: [],
})

describe('a node that is given in words', () => {
  it.each([
    ['the only hit', ['daily', 'orders'], [hit('dataset:db:orders_daily')], 'dataset:db:orders_daily'],
    [
      'the only hit of that very name',
      ['Orders'],
      [hit('dataset:db:orders'), hit('dataset:db:orders_old')],
      'dataset:db:orders',
    ],
    [
      'the one in that namespace',
      ['db/orders'],
      [hit('dataset:other:orders'), hit('dataset:db:orders')],
      'dataset:db:orders',
    ],
    [
      'the only one whose name ends in these words',
      ['raw', 'orders'],
      [hit('dataset:db:shop.raw.orders'), hit('dataset:db:raw/orders.csv'), hit('dataset:db:draw.orders')],
      'dataset:db:shop.raw.orders',
    ],
  ])('is %s', async (_name, words, results, id) => {
    collector.answers.set('/api/v2/search', { results })
    collector.answers.set(path, diamond)

    const { stderr } = await collector.run(['lineage', ...words])

    expect(collector.asked[0]).toBe(
      `GET /api/v2/search?${new URLSearchParams({ q: words.join(' ') }).toString()}`,
    )
    expect(new URL(collector.asked[1]?.split(' ')[1] ?? '', 'http://x').searchParams.get('of')).toBe(id)
    expect(stderr).toContain(`Taken for "${words.join(' ')}": ${id}`)
  })

  it('is asked for where there are several', async () => {
    collector.answers.set('/api/v2/search', {
      results: [hit('dataset:db:orders_a'), hit('dataset:db:orders_b')],
    })

    const { stderr, exitCode } = await collector.run(['lineage', 'orders'])

    expect(exitCode).toBe(2)
    expect(stderr).toContain(
      '"orders" may be any of these; name one by its id:\n  dataset:db:orders_a\n  dataset:db:orders_b',
    )
  })

  it('is of a kind that makes sense', async () => {
    collector.answers.set('/api/v2/search', {
      results: [hit('dataset:db:orders'), hit('job:air:orders', 'job')],
    })
    collector.answers.set('/api/v2/jobs/air/orders', { id: 'job:air:orders' })

    const job = await collector.run(['job', 'orders'])
    const none = await collector.run(['impact', 'orders.id'])

    expect(job.stdout).toContain('orders  air')
    expect(none.exitCode).toBe(2)
  })

  it('is not found', async () => {
    collector.answers.set('/api/v2/search', { results: [] })

    const { stderr, exitCode } = await collector.run(['dataset', 'nothing'])

    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('Nothing is found for "nothing" as a dataset.'),
    ])
  })
})
