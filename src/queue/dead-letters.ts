import type { Logger } from '../logger.ts'
import { createConfirmation, type ReplicaLimits } from './confirm-replicas.ts'
import { addLetter, dropLetter, readGroups, type LetterGroup, type LetterKeys } from './dead-letter-groups.ts'
import { findLetterIds, listLetters, readLetter } from './dead-letter-lists.ts'
import type { Fault } from './fault.ts'
import { QueueUnavailable } from './queue-errors.ts'
import type { EventLabel, QueuedEvent } from './queued-event.ts'
import { connectRedis } from './redis-connection.ts'

/** What is known of an event that failed for good, without the event itself, which may be large. */
export interface DeadLetterSummary extends Fault {
  id: string
  /** When it first and last failed, ISO 8601 in UTC. */
  firstAt: string
  lastAt: string
  /** How many times it failed. */
  attempts: number
  /** Bytes of the event's text. */
  bytes: number
  label?: EventLabel
}

export interface DeadLetter extends DeadLetterSummary {
  event: QueuedEvent
}

export interface DeadLetterPage {
  letters: DeadLetterSummary[]
  /** Where the next page begins; absent on the last one. A page may be short, even empty, and have a next one. */
  next?: string
}

/** Which letters are meant; what is undefined does not matter. */
export interface DeadLetterFilter {
  /** A part of the producer, in capitals or not. */
  producer?: string | undefined
  kind?: string | undefined
  /** First failed at this time or later, and before that one; ISO 8601 in UTC. */
  from?: string | undefined
  to?: string | undefined
}

export interface ListOptions {
  cursor?: string | undefined
  limit: number
  filter?: DeadLetterFilter
  /** The oldest first by default. */
  newestFirst?: boolean
}

/**
 * The events that failed for good, one letter an event. They stay until somebody retries or drops them. Whatever Redis has
 * against a request, it ends as `QueueUnavailable`.
 */
export interface DeadLetters {
  /** Resolves once the letter is durable. A repeat adds to the letter that is there. */
  add(event: QueuedEvent, fault: Fault): Promise<void>
  list(options: ListOptions): Promise<DeadLetterPage>
  show(id: string): Promise<DeadLetter | undefined>
  /** Ids that begin so: a few of them, enough to tell whether there is one. */
  find(idStart: string): Promise<string[]>
  /** Whether there was such a letter. With `attempts` it is dropped only if it has not failed again since. */
  drop(id: string, onlyWith?: { attempts: number }): Promise<boolean>
  count(): Promise<number>
  /** How many letters there are of each kind from each producer. */
  groups(): Promise<LetterGroup[]>
  close(): void
}

const commandMsMax = 5000

/** @throws {QueueUnavailable} when there is no Redis */
export async function connectDeadLetters(
  options: ReplicaLimits & { redisUrl: string; prefix: string; log: Logger },
): Promise<DeadLetters> {
  const { redisUrl, prefix, log } = options
  const connection = await connectRedis({
    redisUrl,
    prefix,
    role: 'dead-letters',
    whenAway: { fail: { commandMsMax } },
    log,
  })
  const { redis } = connection
  const keys = toKeys(prefix)
  // The event's job ends once its letter is there: a failover must not lose the one and keep the end of the other.
  const confirm = createConfirmation(connection, options)
  const add = async (event: QueuedEvent, fault: Fault) => {
    await confirm(async () => await addLetter(redis, keys, { event, fault, at: new Date() }))
  }
  return {
    add: async (event, fault) => await asking(add(event, fault)),
    list: async (listing) => await asking(listLetters(redis, keys, listing)),
    show: async (id) => await asking(readLetter(redis, keys, id)),
    find: async (idStart) => await asking(findLetterIds(redis, keys, idStart)),
    drop: async (id, onlyWith) => await asking(dropLetter(redis, keys, { id, attempts: onlyWith?.attempts })),
    count: async () => await asking(redis.zcard(keys.index)),
    groups: async () => await asking(readGroups(redis, keys)),
    close: () => connection.close(),
  }
}

async function asking<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new QueueUnavailable(`Redis did not answer for the dead letters: ${message}`, { cause })
  }
}

function toKeys(prefix: string): LetterKeys {
  return {
    index: `${prefix}:dead-letters`,
    groups: `${prefix}:dead-letter-groups`,
    letter: (id) => `${prefix}:dead-letter:${id}`,
  }
}
