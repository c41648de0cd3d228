import { setTimeout as pause } from 'node:timers/promises'
import { isPassingTrouble } from './passing-trouble.ts'

/** Together about two minutes: a restart of Neo4j. */
const triesMax = 18
const pauseMs = { first: 250, max: 10_000 }

/**
 * Does what may be done again, and waits for passing trouble to pass.
 * @throws what lasts, or has not passed after two minutes
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  let wait = pauseMs.first
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === triesMax || !isPassingTrouble(error)) throw error
    }
    await pause(wait)
    wait = Math.min(wait * 2, pauseMs.max)
  }
}
