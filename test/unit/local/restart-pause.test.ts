import { toRestartPauseMs } from '../../../src/local/restart-pause.ts'

describe('toRestartPauseMs', () => {
  it('doubles from a second to half a minute', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 50].map(toRestartPauseMs)

    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })
})
