/** What the scenarios make of what they measured; plain JavaScript, so its shapes are said here. */
interface Parts {
  toProgress: (found: object) => { timeline: object; afterSending: object }
  toDrainRatios: (found: object) => number[]
  toEdgeTable: (found: object) => { rows: unknown[][] }
  toCpuTable: (title: string, series: object) => { rows: unknown[][] }
  toLinePlot: (plot: object) => string
}

async function load(): Promise<Parts> {
  const paths = [
    'measure/measure-load.mjs',
    'scenarios/burst.mjs',
    'scenarios/wide.mjs',
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
