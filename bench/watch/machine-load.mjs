import { readFileSync } from 'node:fs'

const tickMs = 10

/** What all processors together have done since they started, in milliseconds. */
export function readMachineLoad() {
  return toMachineLoad(readFileSync('/proc/stat', 'latin1'))
}

export function toMachineLoad(text) {
  const [user, nice, system, idle, ioWait, irq, softIrq, steal] = text
    .split('\n')[0]
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const busy = user + nice + system + irq + softIrq
  return {
    busyMs: busy * tickMs,
    /** Taken by other machines on the same host. */
    stealMs: steal * tickMs,
    totalMs: (busy + idle + ioWait + steal) * tickMs,
  }
}

/**
 * What else the machine did between two looks, in per cent of all its processors: other processes than ours, and other machines.
 * Where it is much, rates say little, and CPU time an event is what holds.
 */
export function toForeignLoad({ before, after, ownMs }) {
  const totalMs = Math.max(1, after.totalMs - before.totalMs)
  const toPercent = (ms) => Math.max(0, (100 * ms) / totalMs)
  return {
    foreignPercent: toPercent(after.busyMs - before.busyMs - ownMs),
    stealPercent: toPercent(after.stealMs - before.stealMs),
  }
}
