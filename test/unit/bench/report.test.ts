/** What of the bench is pure; it is plain JavaScript, so its shapes are said here. */
interface Parts {
  toSummary(values: (number | undefined)[]): unknown
  toQuantiles(values: number[]): unknown
  toBarRows(results: object, scenarios: object[]): { verdict: string; found: string }[]
  toMachineLoad(text: string): { busyMs: number; stealMs: number; totalMs: number }
  toForeignLoad(looks: object): { foreignPercent: number; stealPercent: number }
  toStatFields(text: string): string[]
  toAnswer(bytes: Buffer): unknown
  readOptions(args: string[], names: string[]): Record<string, unknown>
  toBarPlot(plot: object): string
}

async function load(): Promise<Parts> {
  const paths = [
    'measure/summary.mjs',
    'report/bars.mjs',
    'watch/machine-load.mjs',
    'watch/processes.mjs',
    'drive/http-connection.mjs',
    'options.mjs',
    'report/bar-plot.mjs',
  ]
  const modules = await Promise.all(
    paths.map(async (path) => (await import(`../../../bench/${path}`)) as object),
  )
  return Object.assign({}, ...modules) as Parts
}

const parts = await load()

describe('toSummary', () => {
  it('gives the least, the middle and the largest, of what was measured', () => {
    const summary = parts.toSummary([3, undefined, 1, 10, 2])

    expect(summary).toEqual({ min: 1, median: 2.5, max: 10, runs: 4 })
  })

  it('is undefined of nothing', () => {
    expect(parts.toSummary([undefined])).toBeUndefined()
  })
})

const readRate = ({ rate }: { rate: number }) => rate

describe('toBarRows', () => {
  const scenarios = [
    { name: 'a', bars: [{ name: 'cpu', unit: 'ms', most: 2, read: ({ ms }: { ms: number }) => ms }] },
    {
      name: 'b',
      bars: [{ name: 'rate', unit: 'events/s', least: 800, read: readRate, note: () => 'half asleep' }],
    },
  ]

  it('says of each bar whether it is met', () => {
    const rows = parts.toBarRows({ a: { ms: 1.5 }, b: { rate: 700 } }, scenarios)

    expect(rows.map(({ verdict }) => verdict)).toEqual(['met', 'not met'])
    expect(rows.map(({ found }) => found)).toEqual(['1.5 ms', '700 events/s (half asleep)'])
  })

  it('claims nothing of what was not measured', () => {
    const rows = parts.toBarRows({}, scenarios)

    expect(rows.map(({ verdict }) => verdict)).toEqual(['not measured', 'not measured'])
  })
})

describe('the look at the machine', () => {
  it('counts other processes and other machines apart from ours', () => {
    const before = parts.toMachineLoad('cpu  100 0 50 1000 10 0 0 5 0 0\ncpu0 …')
    const after = parts.toMachineLoad('cpu  150 0 70 1110 10 0 0 25 0 0\ncpu0 …')

    expect(parts.toForeignLoad({ before, after, ownMs: 500 })).toEqual({
      foreignPercent: 10,
      stealPercent: 10,
    })
  })

  it('finds the fields of a process whose name has blanks and brackets', () => {
    const fields = parts.toStatFields('12 (a (b) c) S 1 12 12 0 -1 4194560 1 2 3 4 55 66 7 8')

    expect(fields.slice(0, 2)).toEqual(['S', '1'])
    expect(fields.slice(11, 15)).toEqual(['55', '66', '7', '8'])
  })
})

describe('toAnswer', () => {
  it('waits for the whole of an answer', () => {
    const text = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nfull'

    expect(parts.toAnswer(Buffer.from(text.slice(0, -1)))).toBeUndefined()
    expect(parts.toAnswer(Buffer.from(text))).toEqual({ status: 503, body: 'full' })
  })
})

describe('the options', () => {
  it('name what is unknown', () => {
    expect(() => parts.readOptions(['--scenario', 'steady,fast'], ['steady', 'cold'])).toThrow(
      'There is no scenario fast. There are: steady, cold.',
    )
  })

  it('refuse a largest graph that is none', () => {
    expect(() => parts.readOptions(['--growth-max', '10000'], ['growth'])).toThrow(
      '--growth-max has to be a whole number above 10000.',
    )
  })

  it('take settings of the collector', () => {
    const { settings, names } = parts.readOptions(['--set', 'MERGE_EVENTS_MAX=500'], ['steady'])

    expect(settings).toEqual({ MERGE_EVENTS_MAX: '500' })
    expect(names).toEqual(['steady'])
  })
})

describe('toBarPlot', () => {
  it('draws a rectangle for each part, and keeps names from being markup', () => {
    const svg = parts.toBarPlot({
      title: 'a < b',
      unit: 'ms',
      names: ['x', 'y'],
      bars: [{ name: 'run 1', parts: [1, 2] }],
    })

    expect(svg).toContain('a &lt; b')
    // The background, two parts, and two of the legend.
    expect(svg.match(/<rect/g)).toHaveLength(5)
  })
})
