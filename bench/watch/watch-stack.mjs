import { sumOf } from '../sum-of.mjs'
import { readMachineLoad, toForeignLoad } from './machine-load.mjs'
import { isRunning, readCpuMs, readRssMb } from './processes.mjs'

const lookEveryMs = 500

/**
 * Watches the processes of a stack during a load: CPU from now until `end`, and memory every half second.
 * `pids` names them by what they are: `{ receiver: [12], worker: [34, 35], … }`.
 */
export function watchStack(pids) {
  const roles = Object.keys(pids)
  const readAll = () => Object.fromEntries(roles.map((role) => [role, pids[role].map(readCpuMs)]))
  const startedAt = performance.now()
  const before = { cpu: readAll(), machine: readMachineLoad(), own: process.cpuUsage() }
  const rssMb = Object.fromEntries(roles.map((role) => [role, []]))
  const look = () => {
    // Of several processes of a role, the largest counts.
    for (const role of roles) rssMb[role].push(Math.max(...pids[role].map(readRssMb)))
  }
  look()
  const timer = setInterval(look, lookEveryMs)
  return {
    /** No more looks: the load failed. */
    stop: () => clearInterval(timer),
    /** What was taken since the start; `driverMs` is the driver's, which counts as ours too. */
    end(driverMs) {
      clearInterval(timer)
      look()
      const after = { cpu: readAll(), machine: readMachineLoad() }
      const own = process.cpuUsage(before.own)
      const processMs = Object.fromEntries(
        roles.map((role) => [role, after.cpu[role].map((ms, index) => ms - before.cpu[role][index])]),
      )
      const cpuMs = Object.fromEntries(roles.map((role) => [role, sumOf(processMs[role], (ms) => ms)]))
      const ownMs = sumOf(roles, (role) => cpuMs[role]) + driverMs + (own.user + own.system) / 1000
      const gone = roles.filter((role) => !pids[role].every(isRunning))
      if (gone.length > 0) throw new Error(`Ended during the load: ${gone.join(', ')}.`)
      return {
        ms: performance.now() - startedAt,
        cpuMs,
        /** The same of each process of a role. */
        processMs,
        rssMb,
        ...toForeignLoad({ before: before.machine, after: after.machine, ownMs }),
      }
    },
  }
}
