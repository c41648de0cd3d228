import fc from 'fast-check'
import { createNameLinks, type NameLink } from '../../../src/identity/name-links.ts'
import { defaultRules, letterCases, type IdentityRules } from '../../../src/identity/rules.ts'

function rules(some: Partial<IdentityRules>): IdentityRules {
  return { ...defaultRules, ...some }
}

function linksOf(namespace: string, name: string, some: Partial<IdentityRules> = {}): string[] {
  return createNameLinks(rules(some)).ofDataset({ namespace, name }).map(toText)
}

function jobLinksOf(name: string, jobs: Partial<IdentityRules['jobs'][number]>[]): string[] {
  const filled = jobs.map((job, index) => ({
    rule: `rule${index}`,
    namespaces: undefined,
    pattern: 'x',
    replacement: '',
    ...job,
  }))
  return createNameLinks(rules({ jobs: filled }))
    .ofJob({ namespace: 'spark', name })
    .map(toText)
}

function toText({ kind, from, to, source }: NameLink): string {
  return `${from.namespace} ${from.name} -${kind}:${source}-> ${to.namespace} ${to.name}`
}

describe('the links of a dataset', () => {
  it('are none for a name that no rule concerns', () => {
    expect(linksOf('s3://lake', 'orders')).toEqual([])
    expect(linksOf('postgres://db:5432', 'shop.public.orders')).toEqual([])
  })

  it('join a name with a slash at its end where names are paths', () => {
    expect(linksOf('s3://lake', 'orders/')).toEqual([
      's3://lake orders/ -SAME_AS:trailingSlash-> s3://lake orders',
    ])
    expect(linksOf('file', '/data/orders//')).toEqual([
      'file /data/orders// -SAME_AS:trailingSlash-> file /data/orders',
    ])
    expect(linksOf('ABFSS://c@account', 'orders/')).toHaveLength(1)
    expect(linksOf('kafka://broker:9092', 'orders/')).toEqual([])
    expect(linksOf('file', '/')).toEqual([])
  })

  it('take every partition for a part of the table, whatever lies between', () => {
    for (const name of ['t/year=2025', 't/year=2025/month=01', 't/2025/01/31', 't/2025-01-31/hour=10']) {
      expect(linksOf('s3://lake', name)).toEqual([`s3://lake ${name} -PART_OF:partitions-> s3://lake t`])
    }
  })

  it('take a partition with slashes within it for a part of the table', () => {
    expect(linksOf('s3://lake', 't//a=1')).toEqual(['s3://lake t//a=1 -PART_OF:partitions-> s3://lake t'])
  })

  it('spell a name first, and then take it for a part', () => {
    const hosts = [{ host: 'nn', aliases: ['nn1', 'nn2'], schemes: undefined }]

    expect(linksOf('hdfs://nn1:8020', '/t/a=1/', { hosts })).toEqual([
      'hdfs://nn1:8020 /t/a=1/ -SAME_AS:hosts+trailingSlash-> hdfs://nn:8020 /t/a=1',
      'hdfs://nn:8020 /t/a=1 -PART_OF:partitions-> hdfs://nn:8020 /t',
    ])
  })

  it('go to a host from its aliases, with their port or whatever the port', () => {
    const hosts = [
      { host: 'db.example.com:5432', aliases: ['10.0.0.5:5432', 'DB'], schemes: undefined },
      { host: 'nn', aliases: ['nn1'], schemes: ['hdfs'] },
    ]
    const hostOf = (namespace: string) =>
      createNameLinks(rules({ hosts })).ofDataset({ namespace, name: 'a' })[0]?.to.namespace

    expect(hostOf('postgres://10.0.0.5:5432')).toBe('postgres://db.example.com:5432')
    expect(hostOf('postgres://db')).toBe('postgres://db.example.com:5432')
    expect(hostOf('postgres://db:6000')).toBeUndefined()
    expect(hostOf('postgres://10.0.0.5')).toBeUndefined()
    expect(hostOf('hdfs://nn1:8020')).toBe('hdfs://nn:8020')
    expect(hostOf('hdfs://nn1')).toBe('hdfs://nn')
    expect(hostOf('hdfs://user@nn1:8020/zone')).toBe('hdfs://user@nn:8020/zone')
    expect(hostOf('webhdfs://nn1:8020')).toBeUndefined()
    expect(hostOf('nn1')).toBeUndefined()
  })

  it('go to the case that a scheme has', () => {
    const letters = [
      { scheme: 'snowflake', namespaces: 'lower', names: 'upper' },
      { scheme: 'bigquery', namespaces: 'keep', names: 'lower' },
    ] as const

    expect(linksOf('snowflake://ORG-Acc', 'db.s.orders', { case: [...letters] })).toEqual([
      'snowflake://ORG-Acc db.s.orders -SAME_AS:case-> snowflake://org-acc DB.S.ORDERS',
    ])
    expect(linksOf('bigquery', 'P.d.T', { case: [...letters] })).toEqual([
      'bigquery P.d.T -SAME_AS:case-> bigquery p.d.t',
    ])
    expect(linksOf('postgres://db:5432', 'A', { case: [...letters] })).toEqual([])
  })

  it('are none where the spelled name would be too long for a node', () => {
    const name = 'ŉ'.repeat(1400)

    expect(linksOf('x', name, { case: [{ scheme: 'x', namespaces: 'keep', names: 'upper' }] })).toEqual([])
  })

  it('are those of the Java client’s names for what the Python client sends', () => {
    const python = [
      'sales/orders/dt=2025-01-01',
      'sales/orders/dt=x/2025-01-01',
      'sales/orders/20250722T901Z',
      'sales/orders/2025/01',
    ]
    const java = 'sales/orders'

    expect(linksOf('s3://lake', java)).toEqual([])
    for (const name of python) {
      expect(linksOf('s3://lake', name)).toEqual([
        `s3://lake ${name} -PART_OF:partitions-> s3://lake ${java}`,
      ])
    }
  })

  it('end at names that have none, whatever the rules', () => {
    const step = fc.constantFrom('t', 'T', 'a=1', '2025-01-01', '2025', '01', '202501', '', 'ß', 'Σ')
    const name = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join('/'))
    const namespace = fc.constantFrom(
      's3://Lake',
      'hdfs://nn1:8020',
      'hdfs://NN',
      'file',
      'x://nn1',
      'X://b:1',
    )
    const letterCase = fc.constantFrom(...letterCases)
    const someRules: fc.Arbitrary<IdentityRules> = fc.record({
      trailingSlash: fc.record({ schemes: fc.subarray(['s3', 'hdfs', 'file', 'x']) }),
      partitions: fc.record({ trimmers: fc.subarray([...defaultRules.partitions.trimmers]) }),
      hosts: fc.constantFrom<IdentityRules['hosts']>(
        [],
        [{ host: 'NN', aliases: ['nn1'], schemes: undefined }],
        [{ host: 'b:1', aliases: ['nn1', 'lake', 'nn:8020'], schemes: undefined }],
      ),
      case: fc
        .array(
          fc.record({
            scheme: fc.constantFrom('s3', 'hdfs', 'x'),
            namespaces: letterCase,
            names: letterCase,
          }),
        )
        .map((entries) => entries.slice(0, 1)),
      jobs: fc.constant<IdentityRules['jobs']>([]),
    })

    fc.assert(
      fc.property(someRules, namespace, name, (some, ns, n) => {
        fc.pre(n !== '')
        const { ofDataset } = createNameLinks(some)
        const links = ofDataset({ namespace: ns, name: n })
        const starts = new Set(links.map(({ from }) => JSON.stringify(from)))

        expect(starts.size).toBe(links.length)
        expect(links.length).toBeLessThanOrEqual(2)
        for (const [index, { to }] of links.entries()) expect(ofDataset(to)).toEqual(links.slice(index + 1))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the links of a job', () => {
  const timestamps = { rule: 'timestamps', pattern: String.raw`_\d{8}T\d{6}`, replacement: '' }

  it('join names that differ in what a pattern finds', () => {
    expect(jobLinksOf('etl_20250101T101500.load', [timestamps])).toEqual([
      'spark etl_20250101T101500.load -SAME_AS:timestamps-> spark etl.load',
    ])
    expect(jobLinksOf('etl.load', [timestamps])).toEqual([])
  })

  it('may use what the pattern has found', () => {
    const rule = { pattern: '^(?<app>[a-z]+)-[0-9a-f]{8}-(.+)$', replacement: '$<app>.$2' }

    expect(jobLinksOf('glue-0a1b2c3d-load', [rule])).toEqual([
      'spark glue-0a1b2c3d-load -SAME_AS:rule0-> spark glue.load',
    ])
  })

  it('come from several rules, one after the other', () => {
    const attempts = { rule: 'attempts', pattern: String.raw`_attempt\d+$`, replacement: '' }

    expect(jobLinksOf('etl_20250101T101500_attempt2', [timestamps, attempts])).toEqual([
      'spark etl_20250101T101500_attempt2 -SAME_AS:timestamps+attempts-> spark etl',
    ])
  })

  it('go on while a rule finds something in what is left', () => {
    expect(jobLinksOf('a((b))', [{ pattern: String.raw`\([^()]*\)`, replacement: '' }])).toEqual([
      'spark a((b)) -SAME_AS:rule0-> spark a',
    ])
  })

  it('are none where rules never agree', () => {
    expect(jobLinksOf('ab', [{ pattern: 'a', replacement: 'aa' }])).toEqual([])
    expect(
      jobLinksOf('a', [
        { pattern: '^a$', replacement: 'b' },
        { pattern: '^c$', replacement: 'a' },
      ]),
    ).toEqual(['spark a -SAME_AS:rule0-> spark b'])
    expect(
      jobLinksOf('a', [
        { pattern: '^(a)(.*)$', replacement: '$2b$1' },
        { pattern: '^b', replacement: 'a' },
      ]),
    ).toEqual([])
  })

  it('are none for jobs of other namespaces', () => {
    expect(jobLinksOf('etl_20250101T101500', [{ ...timestamps, namespaces: ['other'] }])).toEqual([])
    expect(jobLinksOf('etl_20250101T101500', [{ ...timestamps, namespaces: ['spark'] }])).toHaveLength(1)
  })

  it('are none for the nameless, for names that would be empty, and for names too long to try', () => {
    const all = [{ pattern: '^.*$', replacement: '' }]

    expect(jobLinksOf('unknown', [{ pattern: 'un', replacement: '' }])).toEqual([])
    expect(jobLinksOf('anything', [{ pattern: 'anything', replacement: 'unknown' }])).toEqual([])
    expect(jobLinksOf('anything', all)).toEqual([])
    expect(jobLinksOf(`x${'a'.repeat(512)}`, [{}])).toEqual([])
  })
})
