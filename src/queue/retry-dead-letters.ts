import type { DeadLetterFilter, DeadLetters, DeadLetterSummary } from './dead-letters.ts'
import type { EventQueue } from './event-queue.ts'
import type { QueuedEvent } from './queued-event.ts'

export interface RetryOptions {
  deadLetters: Pick<DeadLetters, 'show' | 'drop'>
  queue: Pick<EventQueue, 'add'>
}

/**
 * Puts one event back into the queue. Its letter goes once the event is queued: whoever ends in between leaves both, and the
 * event is merged twice, which is harmless.
 * @returns whether there was such a letter
 * @throws {QueueUnavailable | QueueFull} where the queue does not take it; the letter stays
 */
export async function retryDeadLetter({ deadLetters, queue }: RetryOptions, id: string): Promise<boolean> {
  const letter = await deadLetters.show(id)
  if (letter === undefined) return false
  await queue.add(letter.event)
  // A worker may have failed it again by now: that letter stays.
  await deadLetters.drop(id, { attempts: letter.attempts })
  return true
}

/**
 * Queues an edited event in the place of the one that failed, whose letter goes once the edited one is queued.
 * @returns whether there was such a letter; where there was none, nothing is queued
 * @throws {QueueUnavailable | QueueFull} where the queue does not take it; the letter stays
 */
export async function replaceDeadLetter(
  { deadLetters, queue }: RetryOptions,
  { id, edited }: { id: string; edited: QueuedEvent },
): Promise<boolean> {
  const letter = await deadLetters.show(id)
  if (letter === undefined) return false
  await queue.add(edited)
  const isSameText = edited.id === id
  await deadLetters.drop(id, isSameText ? { attempts: letter.attempts } : undefined)
  return true
}

export interface SweepOptions {
  deadLetters: Pick<DeadLetters, 'list'>
  filter: DeadLetterFilter
  /** Where an earlier sweep ended. */
  cursor?: string | undefined
  /** Most letters of this sweep. */
  lettersMax: number
  /** Returns whether the letter was there. */
  act: (letter: DeadLetterSummary) => Promise<boolean>
}

export interface Sweep {
  done: number
  /** Where to go on; absent where all were met. */
  next?: string
}

/** Letters in hand at a time, and how many bytes of events they may have together. */
const inHandMax = 20
const inHandBytesMax = 16 * 1024 * 1024

/** Acts on each letter that matches, the oldest first. What fails again meanwhile is met once. */
export async function sweepDeadLetters(options: SweepOptions): Promise<Sweep> {
  const { deadLetters, filter, lettersMax, act } = options
  let done = 0
  let met = 0
  let cursor = options.cursor
  do {
    const limit = Math.min(inHandMax, lettersMax - met)
    const page = await deadLetters.list({ cursor, limit, filter })
    for (const together of toHandfuls(page.letters)) {
      const results = await Promise.all(together.map(act))
      done += results.filter(Boolean).length
    }
    met += page.letters.length
    cursor = page.next
  } while (cursor !== undefined && met < lettersMax)
  return cursor === undefined ? { done } : { done, next: cursor }
}

function toHandfuls(letters: readonly DeadLetterSummary[]): DeadLetterSummary[][] {
  const handfuls: DeadLetterSummary[][] = []
  let bytes = Infinity
  for (const letter of letters) {
    bytes += letter.bytes
    const last = handfuls.at(-1)
    if (last !== undefined && bytes <= inHandBytesMax) {
      last.push(letter)
      continue
    }
    handfuls.push([letter])
    bytes = letter.bytes
  }
  return handfuls
}
