import { isJsonObject } from '../openlineage/json-object.ts'
import { CollectorRefused, type CollectorDoor } from './collector-door.ts'

export interface ActOptions {
  door: CollectorDoor
  verb: 'retry' | 'drop'
  /** Hears of each letter, or of many at once. */
  say: (line: string) => void
}

export interface ActResult {
  done: number
  failed: { id: string; reason: string }[]
}

export const lettersPath = '/api/v2/dead-letters'
export const past = { retry: 'retried', drop: 'dropped' } as const

/** Retries or drops letters one by one; an id may be cut short. */
export async function actOnEach(ids: readonly string[], { door, verb, say }: ActOptions): Promise<ActResult> {
  const result: ActResult = { done: 0, failed: [] }
  for (const id of ids) {
    const path = `${lettersPath}/${encodeURIComponent(id)}`
    try {
      await (verb === 'retry' ? door.ask('POST', `${path}/retry`) : door.ask('DELETE', path))
      result.done += 1
      say(`${id}: ${past[verb]}`)
    } catch (error) {
      if (!(error instanceof CollectorRefused)) throw error
      result.failed.push({ id, reason: error.message })
      say(`${id}: ${error.message}`)
    }
  }
  return result
}

/** Retries or drops all that a filter finds, in as many requests as it takes: one acts on no more than a thousand letters. */
export async function actOnMany(
  filter: Record<string, string>,
  { door, verb, say }: ActOptions,
): Promise<ActResult> {
  let done = 0
  let selection: Record<string, unknown> | undefined = { ...filter, all: true }
  while (selection !== undefined) {
    const text = await door.ask('POST', `${lettersPath}/${verb}`, JSON.stringify(selection))
    const answer: unknown = JSON.parse(text)
    if (!isJsonObject(answer)) throw new Error('The collector gave no answer that can be read.')
    done += Number(answer[past[verb]])
    const { next, to } = answer
    selection = next === undefined ? undefined : { ...filter, all: true, to, cursor: next }
    say(`${done} ${past[verb]}${selection === undefined ? '' : ' so far'}`)
  }
  return { done, failed: [] }
}
