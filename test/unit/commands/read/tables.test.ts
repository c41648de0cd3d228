import { startFakeCollector, type FakeCollector } from './fake-collector.ts'

let collector: FakeCollector

beforeEach(async () => {
  collector = await startFakeCollector()
})

afterEach(async () => {
  await collector.close()
})

const cellsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))

describe('headwater impact', () => {
  const answer = {
    impacted: [
      {
        id: 'dataset:db:daily',
        kind: 'dataset',
        namespace: 'db',
        name: 'daily',
        distance: 1,
        owners: [{ name: 'alice', type: 'OWNER' }, { name: 'team-data' }],
        tags: [{ key: 'pii' }],
        path: ['dataset:db:a', 'dataset:db:daily'],
      },
      {
        id: 'field:db:report:total',
        kind: 'field',
        namespace: 'db',
        name: 'report',
        distance: 2,
        owners: [],
        tags: ['gold'],
        path: ['dataset:db:a', 'dataset:db:daily', 'field:db:report:total'],
      },
    ],
    next: 'abc',
    truncated: { depth: true },
    hidden: 2,
  }

  it('lists what breaks, with owners and the way there', async () => {
    collector.answers.set('/api/v2/impact', answer)

    const { stdout, stderr, exitCode } = await collector.run([
      'impact',
      'dataset:db:a',
      '--namespace',
      'db',
      '--kind',
      'dataset',
    ])

    expect(cellsOf(stdout)).toEqual([
      ['steps', 'kind', 'name', 'namespace', 'owners', 'tags', 'way'],
      expect.any(Array),
      ['1', 'dataset', 'daily', 'db', 'alice (OWNER), team-data', 'pii', '-'],
      ['2', 'field', 'report.total', 'db', '-', 'gold', 'daily'],
    ])
    expect(stderr.split('\n')).toEqual([
      'There is more: --cursor abc',
      'It goes on beyond this depth: --depth.',
      '2 left out: the key may not see their namespaces.',
      '',
    ])
    expect(collector.asked).toEqual(['GET /api/v2/impact?of=dataset%3Adb%3Aa&namespace=db&kind=dataset'])
    expect(exitCode).toBe(0)
  })

  it('prints the collector’s CSV', async () => {
    collector.answers.set('/api/v2/impact', 'id,kind\r\ndataset:db:daily,dataset\r\n')

    const { stdout } = await collector.run(['impact', 'dataset:db:a', '--csv'])

    expect(stdout).toBe('id,kind\r\ndataset:db:daily,dataset\n')
    expect(collector.asked).toEqual(['GET /api/v2/impact?of=dataset%3Adb%3Aa&format=csv'])
  })

  it('says where the CSV is not whole, and ends with 3', async () => {
    collector.answers.set('/api/v2/impact', 'id,kind\r\n')
    collector.headers['X-Truncated'] = 'true'

    const { stderr, exitCode } = await collector.run(['impact', 'dataset:db:a', '--csv'])

    expect([stderr, exitCode]).toEqual(['The list is not whole: without --csv it is said why.\n', 3])
  })

  it('says that nothing breaks', async () => {
    collector.answers.set('/api/v2/impact', { impacted: [], truncated: {} })

    expect(await collector.run(['impact', 'dataset:db:a'])).toEqual({
      stdout: '',
      stderr: 'Nothing depends on it.\n',
      exitCode: 0,
    })
  })
})

describe('headwater path', () => {
  it('points up where a way goes against the data', async () => {
    const edge = { from: 'dataset:db:a', to: 'dataset:db:b', kind: 'FEEDS', derivation: 'IO', current: true }
    collector.answers.set('/api/v2/path', {
      paths: [{ nodes: ['dataset:db:b', 'dataset:db:a'], edges: [edge] }],
      truncated: { nodes: true, depth: false, fanOut: [] },
      hidden: 0,
    })

    const { stdout, stderr } = await collector.run(['path', 'dataset:db:b', 'dataset:db:a', '--either'])

    expect(stdout).toBe('b  db\n  ↑  IO\na  db\n')
    expect(stderr).toBe('Not every way was gone to its end: there may be others.\n')
    expect(collector.asked).toEqual([
      'GET /api/v2/path?from=dataset%3Adb%3Ab&to=dataset%3Adb%3Aa&direction=either',
    ])
  })

  it('shows each way from top to bottom', async () => {
    collector.answers.set('/api/v2/path', {
      paths: [
        {
          nodes: ['dataset:db:a', 'dataset:db:b'],
          edges: [
            {
              from: 'dataset:db:a',
              to: 'dataset:db:b',
              kind: 'FEEDS',
              derivation: 'COLUMN',
              current: true,
              job: 'job:air:load',
            },
          ],
        },
      ],
    })

    const { stdout } = await collector.run(['path', 'dataset:db:a', 'dataset:db:b', '--max', '2'])

    expect(stdout).toBe('a  db\n  ↓  COLUMN by load\nb  db\n')
    expect(collector.asked).toEqual(['GET /api/v2/path?from=dataset%3Adb%3Aa&to=dataset%3Adb%3Ab&max=2'])
  })

  it('says that there is none', async () => {
    collector.answers.set('/api/v2/path', { paths: [] })

    const { stderr } = await collector.run(['path', 'dataset:db:a', 'dataset:db:b'])

    expect(stderr).toContain('No way leads there.')
  })
})

describe('headwater search', () => {
  it('lists ids, what matched, and descriptions', async () => {
    collector.answers.set('/api/v2/search', {
      results: [
        {
          id: 'dataset:s3%3A//b:orders',
          kind: 'dataset',
          namespace: 's3://b',
          name: 'orders',
          score: 3,
          matched: [
            { field: 'name', text: 'orders' },
            { field: 'column', text: 'order_id' },
          ],
          description: 'All orders',
        },
      ],
    })

    const { stdout } = await collector.run(['search', 'ordres', 'daily', '--kind', 'dataset', '--limit', '5'])

    expect(cellsOf(stdout)[2]).toEqual([
      'dataset:s3%3A//b:orders',
      'name: orders, column: order_id',
      'All orders',
    ])
    expect(collector.asked).toEqual(['GET /api/v2/search?q=ordres+daily&kind=dataset&limit=5'])
  })

  it('says that nothing is found', async () => {
    collector.answers.set('/api/v2/search', { results: [] })

    expect((await collector.run(['search', 'nothing'])).stderr).toBe('Nothing is found.\n')
  })
})

const aRun = (runId: string, startedAt: string, said: object = {}) => ({
  id: `run:${runId}`,
  runId,
  state: 'COMPLETE',
  startedAt,
  durationMs: 754_000,
  job: { id: 'job:air%3A:dag.load', namespace: 'air:', name: 'dag.load' },
  ...said,
})

describe('headwater runs', () => {
  const [newer, older] = [
    aRun('r2', '2026-11-22T10:00:00.000000000Z', { state: 'FAIL', errorMessage: 'no\nroom' }),
    aRun('r1', '2026-11-21T10:00:00.000000000Z'),
  ]

  it('lists them with state, duration, job and error', async () => {
    collector.answers.set('/api/v2/runs', { runs: [newer, older], next: 'abc' })

    const { stdout, stderr } = await collector.run([
      'runs',
      '--state',
      'FAIL',
      '--since',
      '24h',
      '--namespace',
      'air:',
    ])

    expect(cellsOf(stdout).slice(2)).toEqual([
      ['r2', 'FAIL', '2026-11-22 10:00:00', '12m 34s', 'dag.load', 'no room'],
      ['r1', 'COMPLETE', '2026-11-21 10:00:00', '12m 34s', 'dag.load', '-'],
    ])
    expect(stderr).toBe('There is more: --cursor abc\n')
    expect(collector.asked).toEqual(['GET /api/v2/runs?state=FAIL&namespace=air%3A&from=24h'])
  })

  it('lists those of a job, up to the time that is meant', async () => {
    collector.answers.set('/api/v2/jobs/air%3A/dag.load/runs', { runs: [newer, older], next: 'abc' })
    const args = ['runs', '--job', 'job:air%3A:dag.load', '--since', '2026-11-22']

    const { stdout, stderr } = await collector.run(args)
    const json = await collector.run([...args, '--json'])

    expect(stdout).toContain('r2')
    expect([stdout, json.stdout, stderr].join('')).not.toMatch(/r1|cursor|next/)
    expect(collector.asked[0]).toBe('GET /api/v2/jobs/air%3A/dag.load/runs')
  })

  it('finds out which job a plainly written id means', async () => {
    collector.answers.set('/api/v2/jobs/air%3A/dag.load', {})
    collector.answers.set('/api/v2/jobs/air%3A/dag.load/runs', { runs: [newer] })

    const { stdout } = await collector.run(['runs', '--job', 'job:air::dag.load'])

    expect(stdout).toContain('r2')
  })

  it.each([
    [['--since', 'soon', '--job', 'job:a:b'], '--since is a time such as'],
    [['--job', 'job:a:b', '--namespace', 'a'], 'Either --job or --namespace.'],
    [['--job', 'dataset:a:b'], 'is no job: write job:<namespace>:<name>.'],
  ])('refuses %j', async (args, sentence) => {
    const { stderr, exitCode } = await collector.run(['runs', ...args])

    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)])
  })
})

describe('headwater cypher', () => {
  const path = '/api/v2/cypher'
  const answer = {
    columns: ['name', 'n', 'd'],
    rows: [
      ['a, "b"', 1234, { elementId: '4:x:1', labels: ['Dataset'], properties: { name: 'a' } }],
      [null, 5, []],
    ],
    truncated: false,
  }

  it('prints rows as a table', async () => {
    collector.answers.set(path, answer)

    const { stdout, stderr, exitCode } = await collector.run([
      'cypher',
      'MATCH (d) RETURN d',
      '--param',
      'rows=10',
      '--param',
      'name=orders',
    ])

    expect(cellsOf(stdout).slice(2)).toEqual([
      ['a, "b"', '1,234', '{"labels":["Dataset"],"name":"a"}'],
      ['-', '5', '[]'],
    ])
    expect([stderr, exitCode]).toEqual(['2 rows.\n', 0])
    expect(collector.asked).toEqual([
      'POST /api/v2/cypher {"query":"MATCH (d) RETURN d","parameters":{"rows":10,"name":"orders"}}',
    ])
  })

  it('prints them as CSV or JSON', async () => {
    collector.answers.set(path, answer)

    const csv = await collector.run(['cypher', 'RETURN 1', '--csv'])
    const json = await collector.run(['cypher', 'RETURN 1', '--json'])

    expect(csv.stdout).toBe(
      'name,n,d\r\n"a, ""b""",1234,"{""elementId"":""4:x:1"",""labels"":[""Dataset""],""properties"":{""name"":""a""}}"\r\n,5,[]\n',
    )
    expect(JSON.parse(json.stdout)).toEqual(answer)
  })

  it('says that rows are missing, and ends with 3', async () => {
    collector.answers.set(path, {
      ...answer,
      truncated: true,
      truncatedBy: 'rows',
      detail: 'There are more than 2 rows.',
    })

    const { stderr, exitCode } = await collector.run(['cypher', 'RETURN 1', '--csv'])

    expect([stderr, exitCode]).toEqual(['Rows are missing at the end. There are more than 2 rows.\n', 3])
  })

  it.each([
    [['cypher'], 'Give the query, or a file with it'],
    [['cypher', 'RETURN 1', '--file', 'x'], 'Give the query, or a file with it'],
    [['cypher', 'RETURN 1', '--param', '=1'], '--param is a name and a value'],
    [['cypher', 'RETURN 1', '--csv', '--json'], 'Either --json or --csv.'],
  ])('refuses %j', async (args, sentence) => {
    const { stderr, exitCode } = await collector.run(args)

    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)])
  })
})
