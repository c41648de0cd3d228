import { setTimeout as sleep } from 'node:timers/promises'

/** Waits, or less when the signal is aborted. */
export async function pause(ms: number, stopSignal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stopSignal })
  } catch (error) {
    if (!stopSignal.aborted) throw error
  }
}
