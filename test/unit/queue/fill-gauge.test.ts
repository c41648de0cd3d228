import { jest } from '@jest/globals'
import { pino } from 'pino'
import { startFillGauge } from '../../../src/queue/fill-gauge.ts'
import { QueueFull } from '../../../src/queue/queue-errors.ts'
import type { QueueDepth } from '../../../src/queue/queue-depth.ts'

const log = pino({ level: 'silent' })

describe('startFillGauge', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('refuses at the most events, counting what was added since the last measurement', async () => {
    const gauge = await startFillGauge({
      measure: aMeasure({ events: 8 }),
      eventsMax: 10,
      bytesMax: 1000,
      log,
    })

    gauge.refuseWhenFull()
    gauge.countAdded(1)
    gauge.refuseWhenFull()
    gauge.countAdded(1)

    expect(() => gauge.refuseWhenFull()).toThrow(new QueueFull('The queue is full: 10 events wait, 10 may.'))
    gauge.close()
  })

  it('refuses at the most bytes', async () => {
    const gauge = await startFillGauge({
      measure: aMeasure({ bytes: 900 }),
      eventsMax: 10,
      bytesMax: 1000,
      log,
    })

    gauge.refuseWhenFull()
    gauge.countAdded(100)

    expect(() => gauge.refuseWhenFull()).toThrow(QueueFull)
    gauge.close()
  })

  it('refuses before Redis reaches its own limit, where workers could not take away any more', async () => {
    const measure = aMeasure({ bytes: 850, redisBytesMax: 1000 })
    const gauge = await startFillGauge({ measure, eventsMax: 10, bytesMax: 10_000, log })

    expect(() => gauge.refuseWhenFull()).toThrow(QueueFull)
    gauge.close()
  })

  it('takes again once a measurement finds room', async () => {
    const depth = aDepth({ events: 10 })
    const gauge = await startFillGauge({ measure: async () => depth, eventsMax: 10, bytesMax: 1000, log })

    expect(() => gauge.refuseWhenFull()).toThrow(QueueFull)
    depth.events = 3
    await jest.advanceTimersByTimeAsync(1000)

    expect(() => gauge.refuseWhenFull()).not.toThrow()
    gauge.close()
  })

  it('keeps the last measurement while Redis is away', async () => {
    let isAway = false
    const measure = async () => {
      if (isAway) throw new Error('away')
      return aDepth({ events: 9 })
    }
    const gauge = await startFillGauge({ measure, eventsMax: 10, bytesMax: 1000, log })

    isAway = true
    gauge.countAdded(1)
    await jest.advanceTimersByTimeAsync(3000)

    expect(() => gauge.refuseWhenFull()).toThrow(QueueFull)
    gauge.close()
  })
})

function aMeasure(changes: Partial<QueueDepth>): () => Promise<QueueDepth> {
  return async () => await Promise.resolve(aDepth(changes))
}

function aDepth(changes: Partial<QueueDepth>): QueueDepth {
  return { events: 0, jobs: 0, bytes: 0, redisBytesMax: 0, lanes: [], ...changes }
}
