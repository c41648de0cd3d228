import { jest } from '@jest/globals'
import { pino } from 'pino'
import { watchPause, type PauseWatch } from '../../../src/queue/pause-watch.ts'

let isPaused = false
let isAway = false
let asked = 0
const redis = {
  hexists: () => {
    asked += 1
    return isAway ? new Promise<number>(() => undefined) : Promise.resolve(isPaused ? 1 : 0)
  },
}

describe('watchPause', () => {
  let watch: PauseWatch
  const lines: { msg: string; lanes?: string[] }[] = []
  const messages = () => lines.map(({ msg }) => msg.slice(0, 15))

  beforeEach(() => {
    jest.useFakeTimers()
    isPaused = false
    isAway = false
    asked = 0
    lines.length = 0
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
    watch = watchPause(redis, { prefix: 'test', log })
  })

  afterEach(() => {
    watch.close()
    jest.useRealTimers()
  })

  it('says once that the lanes are paused, and once that they go on', async () => {
    isPaused = true
    await jest.advanceTimersByTimeAsync(4 * 60_000)
    isPaused = false
    await jest.advanceTimersByTimeAsync(60_000)

    expect(messages()).toEqual(['queue is paused', 'queue goes on a'])
    expect(lines[0]?.lanes).toEqual(['events', 'large-events', 'suspect-events'])
  })

  it('says it again every five minutes of a pause that somebody left behind', async () => {
    isPaused = true
    await jest.advanceTimersByTimeAsync(11 * 60_000)

    expect(messages()).toEqual(['queue is paused', 'queue is paused', 'queue is paused'])
  })

  it('says nothing of a pause that is over at once', async () => {
    isPaused = true
    await jest.advanceTimersByTimeAsync(5000)
    isPaused = false
    await jest.advanceTimersByTimeAsync(60_000)

    expect(messages()).toEqual([])
  })

  it('asks a Redis that does not answer once, however long it is away', async () => {
    await jest.advanceTimersByTimeAsync(5000)
    const before = asked
    isAway = true
    await jest.advanceTimersByTimeAsync(60 * 60_000)

    expect(asked - before).toBe(3)
  })
})
