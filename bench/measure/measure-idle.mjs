import { setTimeout as pause } from 'node:timers/promises'
import { watchStack } from '../watch/watch-stack.mjs'

/** What the processes of a stack take while nothing comes: CPU in per cent of one processor, and memory. */
export async function measureIdle(stack, seconds) {
  const watch = watchStack(await stack.readPids())
  try {
    await pause(seconds * 1000, undefined, { signal: stack.stopSignal })
    const { cpuMs, rssMb } = watch.end(0)
    const toPercent = (ms) => ms / (seconds * 10)
    return {
      seconds,
      cpuPercent: Object.fromEntries(Object.entries(cpuMs).map(([role, ms]) => [role, toPercent(ms)])),
      rssMb,
    }
  } finally {
    watch.stop()
  }
}
