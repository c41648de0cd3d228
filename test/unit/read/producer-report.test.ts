import type { ProducerFigures } from '../../../src/read/producer-figures.ts'
import { toProducerReport } from '../../../src/read/producer-report.ts'

const spark = 'https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark'
const none: ProducerFigures = { events: [], runs: [], unended: [], outputs: [] }

function someEvents(changes: Partial<ProducerFigures['events'][number]>): ProducerFigures['events'][number] {
  return {
    producer: spark,
    warnings: [],
    events: 1,
    first: '2026-11-22T10:00:00.000000000Z',
    last: '2026-11-22T11:00:00.000000000Z',
    example: 'a',
    ...changes,
  }
}

describe('toProducerReport', () => {
  it('sums up what the URIs of one integration and version say', () => {
    const [entry, ...others] = toProducerReport(
      {
        events: [
          someEvents({ events: 5 }),
          someEvents({ warnings: ['FACET_INVALID', 'TIME_WITHOUT_ZONE'], events: 2, example: 'b' }),
          someEvents({
            producer: `${spark}/`,
            warnings: ['TIME_WITHOUT_ZONE'],
            events: 3,
            first: '2026-11-21T10:00:00.000000000Z',
            last: '2026-11-23T10:00:00.000000000Z',
          }),
        ],
        runs: [
          { producer: spark, runs: 4, completed: 3, completeWithoutStart: 1, missingParent: 2 },
          { producer: `${spark}/`, runs: 1, completed: 0, completeWithoutStart: 0, missingParent: 1 },
        ],
        unended: [{ producer: spark, runs: 2, example: 'run' }],
        outputs: [
          { producer: spark, outputs: 6, withSchema: 5, withColumnLineage: 0 },
          { producer: spark, outputs: 4, withSchema: 4, withColumnLineage: 4 },
        ],
      },
      [
        { kind: 'EVENT_AHEAD', producer: spark, letters: 2 },
        { kind: 'EVENT_AHEAD', producer: `${spark}/`, letters: 1 },
      ],
    )

    expect(others).toEqual([])
    expect(entry).toEqual({
      name: 'OpenLineage/OpenLineage integration/spark',
      version: '1.53.0',
      uris: [spark, `${spark}/`],
      events: 10,
      firstEventAt: '2026-11-21T10:00:00.000000000Z',
      lastEventAt: '2026-11-23T10:00:00.000000000Z',
      eventsWithWarnings: 5,
      warnings: [
        { kind: 'TIME_WITHOUT_ZONE', events: 5, example: 'b' },
        { kind: 'FACET_INVALID', events: 2, example: 'b' },
      ],
      runs: {
        seen: 5,
        completed: 3,
        withoutEnd: 2,
        completeWithoutStart: 1,
        missingParent: 3,
        example: 'run',
      },
      outputs: { written: 10, withSchema: 9, withColumnLineage: 4 },
      deadLetters: [{ kind: 'EVENT_AHEAD', letters: 3 }],
    })
  })

  it('has a producer of whom there are only dead letters', () => {
    const [entry] = toProducerReport(none, [{ kind: 'EVENT_AHEAD', producer: 'mine', letters: 1 }])

    expect(entry).toMatchObject({ name: 'mine', version: null, events: 0, firstEventAt: null })
  })

  it('puts the busiest first, and names those alike by their name', () => {
    const entries = toProducerReport(
      {
        ...none,
        events: [
          ['c', 1],
          ['b', 1],
          ['a', 1],
          ['d', 9],
        ].map(([producer, events]) => someEvents({ producer: String(producer), events: Number(events) })),
      },
      [],
    )

    expect(entries.map(({ name }) => name)).toEqual(['d', 'a', 'b', 'c'])
  })
})
