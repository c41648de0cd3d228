import type { DeadLetters } from './dead-letters.ts'
import type { EventQueue } from './event-queue.ts'

/** How many letters go back into the queue at a time. */
const pageSize = 50

export interface RetryOptions {
  deadLetters: Pick<DeadLetters, 'list' | 'show' | 'drop'>
  queue: Pick<EventQueue, 'add'>
}

/**
 * Puts one event back into the queue; its letter goes once the event is queued.
 * @returns whether there was such a letter
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
 * Puts back all events that are dead letters now; those that fail again meanwhile are not tried twice.
 * @returns how many went back
 */
export async function retryAllDeadLetters(options: RetryOptions): Promise<number> {
  const startedAt = new Date().toISOString()
  let retried = 0
  let cursor: string | undefined
  do {
    const page = await options.deadLetters.list({
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const due = page.letters.filter(({ firstAt }) => firstAt <= startedAt)
    const results = await Promise.all(due.map(async ({ id }) => await retryDeadLetter(options, id)))
    retried += results.filter(Boolean).length
    const isPastStart = due.length < page.letters.length
    cursor = isPastStart ? undefined : page.next
  } while (cursor !== undefined)
  return retried
}
