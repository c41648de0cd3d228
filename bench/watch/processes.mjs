import { readdirSync, readFileSync } from 'node:fs'
import { sumOf } from '../sum-of.mjs'

/** The unit of /proc's CPU times is 1/100 s on every Linux of today (USER_HZ). */
const tickMs = 10
const kbOfMb = 1024

/** CPU time in milliseconds that a process and its children have taken, those that ended among them; 0 where there is none any more. */
export function readCpuMs(pid) {
  return sumOf(readTree(pid), (one) => {
    const fields = readStat(one)
    if (fields === undefined) return 0
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number)
    return (user + system + childrenUser + childrenSystem) * tickMs
  })
}

/** Memory in MiB that a process and its children hold. */
export function readRssMb(pid) {
  return sumOf(readTree(pid), (one) => {
    const kb = /^VmRSS:\s+(\d+)/m.exec(readText(`/proc/${one}/status`) ?? '')?.[1]
    return Number(kb ?? 0) / kbOfMb
  })
}

export function isRunning(pid) {
  return readStat(pid) !== undefined
}

/** The fields of /proc/<pid>/stat behind the name, which may hold blanks and brackets itself. */
export function toStatFields(text) {
  return text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
}

function readTree(root) {
  const children = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(readStat(name)?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found = [root]
  for (const pid of found) found.push(...(children.get(pid) ?? []))
  return found
}

function readStat(pid) {
  const text = readText(`/proc/${pid}/stat`)
  return text === undefined ? undefined : toStatFields(text)
}

/** A process may end between two looks. */
function readText(path) {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
