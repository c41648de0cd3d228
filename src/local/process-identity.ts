import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { toErrorCode } from './error-code.ts'

/**
 * What tells a process from a later one with the same number: when it started, and its command line.
 * Undefined where no such process runs.
 */
export function readProcessIdentity(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined
  return process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid)
}

/** Whether a process with this number runs, whoever's it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return toErrorCode(error) === 'EPERM'
  }
}

function readFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const { state, startTicks } = toStatFields(stat)
    // A zombie still has its number, and nothing else.
    if (state === 'Z') return undefined
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return `${startTicks} ${commandLine}`
  } catch {
    return undefined
  }
}

/** Two fields of /proc/<pid>/stat: the state (3) and the start time (22); the name before them may hold anything. */
export function toStatFields(stat: string): { state: string; startTicks: string } {
  const afterName = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')
  return { state: afterName[0] ?? '', startTicks: afterName[19] ?? '' }
}

function readFromPs(pid: number): string | undefined {
  try {
    const answer = execFileSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { encoding: 'utf8' })
    return answer.trim() || undefined
  } catch {
    return undefined
  }
}
