import { setTimeout as pause } from 'node:timers/promises'
import { lookRegularly } from '../../../src/queue/look-regularly.ts'

describe('lookRegularly', () => {
  it('looks at once and again, never twice at a time', async () => {
    let open = 0
    let mostOpen = 0
    const ended: number[] = []
    const looks = lookRegularly(async () => {
      open += 1
      mostOpen = Math.max(mostOpen, open)
      await pause(5)
      open -= 1
      ended.push(open)
    }, 1)

    while (ended.length < 3) await pause(1)
    await looks.stop()

    expect(mostOpen).toBe(1)
  })

  it('waits at its stop for the look that is under way, and looks no more', async () => {
    let count = 0
    const looks = lookRegularly(async () => {
      await pause(5)
      count += 1
    }, 1)

    await looks.stop()
    const atStop = count
    await pause(10)

    expect(atStop).toBe(1)
    expect(count).toBe(1)
  })
})
