import { readConfig } from '../../../src/config.ts'

/** What the scenarios make of what they measured; plain JavaScript, so its shapes are said here. */
interface Parts {
  toProgress: (found: object) => { timeline: object; afterSending: object }
  toDrainRatios: (found: object) => number[]
  toEdgeTable: (found: object) => { rows: unknown[][] }
  toCpuTable: (title: string, series: object) => { rows: unknown[][] }
  toLinePlot: (plot: object) => string
  toSteps: (growthMax: number) => number[]
  toGrowth: (steps: object[]) => number
  toShares: (record: object, processors: number) => object
  toShareTable: (groups: object[]) => { rows: unknown[][] }
  toSpeedUp: (groups: object[], count: number) => number
  toDiskTable: (found: object) => { rows: unknown[][] }
  toLatencyTable: (title: string, series: object) => { rows: unknown[][] }
  largeEventBytes: number
}

async function load(): Promise<Parts> {
  const paths = [
    'measure/measure-load.mjs',
    'scenarios/burst.mjs',
    'scenarios/wide.mjs',
    'scenarios/growth.mjs',
    'scenarios/workers.mjs',
    'scenarios/large.mjs',
    'report/share-table.mjs',
    'report/disk-table.mjs',
    'report/latency-table.mjs',
    'report/cpu-table.mjs',
    'report/line-plot.mjs',
  ]
  const found = {}
  // One after the other: Jest loads what several of them import only once, and not twice at a time.
  for (const path of paths) Object.assign(found, (await import(`../../../bench/${path}`)) as object)
  return found as Parts
}

const parts = await load()

describe('toProgress', () => {
  it('tells what waited at the last answer, and how fast that went in', () => {
    const sent = { startedAtMs: 1000, sendMs: 2000, accepted: 100, timeline: [[2000, 100]] }
    const arrivals = [
      [1500, 10],
      [2900, 40],
      [3100, 45],
      [5000, 100],
    ]

    expect(parts.toProgress({ sent, arrived: { arrivals, drainedAtMs: 5000 } })).toEqual({
      timeline: {
        accepted: [[2, 100]],
        merged: [
          [0.5, 10],
          [1.9, 40],
          [2.1, 45],
          [4, 100],
        ],
      },
      afterSending: { waiting: 60, drainedPerSecond: 30 },
    })
  })
})

describe('toDrainRatios', () => {
  it('holds each burst beside the steady load of its own run', () => {
    const ratios = parts.toDrainRatios({
      records: [{ afterSending: { drainedPerSecond: 90 } }, { afterSending: { drainedPerSecond: 120 } }],
      steady: [{ drainedPerSecond: 100 }, { drainedPerSecond: 80 }],
    })

    expect(ratios).toEqual([0.9, 1.5])
  })
})

describe('toEdgeTable', () => {
  it('counts two events a run, and the column edges of 2,000 columns', () => {
    const records = [{ meanEventBytes: 508_000, cpuMs: { all: 150 } }]

    const { rows } = parts.toEdgeTable({ fresh: records, known: records })

    expect(rows[0]).toEqual(['structures never seen', '508', 3000, '300', '100'])
  })
})

function aRecord(all: number) {
  return { events: 10, cpuMs: { receiver: 1, worker: 2, redis: 0.5, neo4j: all - 3.5, all } }
}

describe('toCpuTable', () => {
  it('gives medians by process and the range of all, a row a series', () => {
    const { rows } = parts.toCpuTable('CPU', { first: [aRecord(8), aRecord(6), aRecord(7)] })

    expect(rows).toEqual([['first', '10', '1', '2', '0.5', '3.5', '**7**', '6 to 8']])
  })
})

describe('toLinePlot', () => {
  it('draws a line a series', () => {
    const svg = parts.toLinePlot({
      title: 'progress',
      unit: 'events',
      xUnit: 'seconds',
      lines: [
        {
          name: 'answered',
          points: [
            [0, 0],
            [1, 5],
          ],
        },
      ],
    })

    expect(svg.match(/<polyline/g)).toHaveLength(1)
    expect(svg).toContain('answered')
  })
})

describe('the steps of growth', () => {
  it('end at the size that is wanted', () => {
    expect(parts.toSteps(100_000)).toEqual([10_000, 100_000])
    expect(parts.toSteps(300_000)).toEqual([10_000, 100_000, 300_000])
    expect(parts.toSteps(1_000_000)).toEqual([10_000, 100_000, 1_000_000])
  })

  it('are held against each other by the medians of the last and the first', () => {
    const steps = [[4, 5, 9], [100], [6, 6, 1]].map((all) => ({ records: all.map(aRecord) }))

    expect(parts.toGrowth(steps)).toBe(1.2)
  })
})

describe('toDiskTable', () => {
  it('gives what an event takes', () => {
    const { rows } = parts.toDiskTable({
      events: 1000,
      disk: { graph: 12_000_000, transactions: 500_000_000, redis: 1000 },
      logBytes: 2500,
    })

    expect(rows.slice(0, 2).map((row) => row.slice(1))).toEqual([
      ['12', '12'],
      ['2.5', '2.5'],
    ])
  })
})

/** Two workers for small events with the one for large ones between them. */
const aDrain = {
  ms: 1000,
  drainedPerSecond: 160,
  cpuMs: { receiver: 0, worker: 600, redis: 100, neo4j: 900 },
  processMs: { worker: [400, 0, 200] },
  foreignPercent: 10,
}

describe('toShares', () => {
  it('leaves the worker for large events out, and holds all beside the machine', () => {
    expect(parts.toShares(aDrain, 2)).toEqual({
      receiver: 0,
      workers: [25, 12.5],
      redis: 6.25,
      neo4j: 56.25,
      ofMachine: 80,
    })
  })
})

describe('more workers', () => {
  const alone = { ...aDrain, drainedPerSecond: 100, processMs: { worker: [600, 0] } }
  const groups = [
    { count: 1, records: [alone] },
    { count: 2, records: [aDrain] },
  ]

  it('are told by their rate against one', () => {
    expect(parts.toSpeedUp(groups, 2)).toBe(1.6)
  })

  it('are each told in the table', () => {
    const { rows } = parts.toShareTable(groups)

    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      [1, '100 / 100 / 100', '1', '37.5'],
      [2, '160 / 160 / 160', '1.6', '25 + 12.5'],
    ])
  })
})

describe('the large events of the bench', () => {
  it('are taken by a collector with default settings', () => {
    expect(parts.largeEventBytes).toBeLessThan(readConfig({}).bodyBytesMax)
  })

  it('leave a gap where nothing was timed on its way into the graph', () => {
    const records = [{ latencyMs: { p50: 1, p99: 2, max: 3 }, visibleMs: undefined }]

    const { rows } = parts.toLatencyTable('small', { alone: records })

    expect(rows).toEqual([['alone', '1', '2', '3', '–', '–', '–']])
  })
})
