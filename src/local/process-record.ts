import { readFile } from 'node:fs/promises'
import { readProcessIdentity } from './process-identity.ts'
import { toErrorCode } from './error-code.ts'

/** A process as a file remembers it: the number alone may be another's by now. */
export interface ProcessRecord {
  pid: number
  identity: string
}

export function toProcessRecord(text: string): ProcessRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('identity' in value))
    return undefined
  const { pid, identity } = value
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 1 && typeof identity === 'string'
    ? { pid, identity }
    : undefined
}

export function describeProcess(pid: number): ProcessRecord | undefined {
  const identity = readProcessIdentity(pid)
  return identity === undefined ? undefined : { pid, identity }
}

/** Whether the very process that the record was made of still runs. */
export function isStillRunning(record: ProcessRecord): boolean {
  return readProcessIdentity(record.pid) === record.identity
}

/** The text of a file; undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
