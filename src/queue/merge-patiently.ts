import type { Logger } from '../logger.ts'
import { EventRejected, joinFaults } from './event-rejected.ts'
import type { Fault } from './fault.ts'
import type { QueuedEvent } from './queued-event.ts'
import type { MergeNotes, TriedBatch } from './worker-notes.ts'

const pauseMsMin = 100
const pauseMsMax = 10_000
/** After so many tries a batch is halved: some passing trouble, such as too little memory, passes sooner for a smaller one. */
const triesTogether = 6

export interface PatientMergeOptions {
  /** Merges all of the events or none. */
  merge: (events: QueuedEvent[]) => Promise<void>
  /**
   * Whether the trouble passes by itself, as when the database is away. In doubt it does: an event tried for too long is
   * seen in the log, while an outage taken for lasting makes dead letters of everything. But it holds up its writer
   * meanwhile: trouble that lies in an event itself has to be called lasting.
   */
  isPassing: (error: unknown) => boolean
  /** Makes the event a dead letter, durably. */
  giveUp: (event: QueuedEvent, fault: Fault) => Promise<void>
  /** Ends the patience: what then meets passing trouble is abandoned. */
  hurry: AbortSignal
  log: Logger
  /** Hears of what is merged; absent where nobody counts. */
  notes?: MergeNotes
}

/** The worker is closing and could not merge these events: their job goes back to the queue. */
export class MergeAbandoned extends Error {
  override name = 'MergeAbandoned'
}

/**
 * Merges the events, waiting for passing trouble to pass; events that meet lasting trouble are found and given up.
 * `settled` hears of each event once it is merged or a dead letter.
 * @throws {MergeAbandoned} when told to hurry; events not settled by then are neither
 */
export async function mergePatiently(
  events: QueuedEvent[],
  settled: (event: QueuedEvent) => void,
  options: PatientMergeOptions,
  triesBefore = 0,
): Promise<void> {
  const outcome = await mergeTogether(events, options, triesBefore)
  if (outcome.kind === 'merged') {
    options.notes?.eventsMerged(events)
    events.forEach(settled)
    return
  }
  const faults = outcome.kind === 'lasting' ? toFaults(outcome.error, events) : new Map<string, Fault>()
  const rest: QueuedEvent[] = []
  for (const event of events) {
    const fault = faults.get(event.id)
    if (fault === undefined) {
      rest.push(event)
      continue
    }
    await giveUpPatiently(event, fault, options)
    settled(event)
  }
  // Whoever is not accused by name is found by halving, down to the one event that cannot be merged alone.
  const parts = faults.size > 0 ? [rest] : toHalves(rest)
  // An outage goes on for the first part; the second one begins when the first is through.
  let tries = outcome.kind === 'tired' ? outcome.tries : 0
  for (const part of parts) {
    if (part.length > 0) await mergePatiently(part, settled, options, tries)
    tries = 0
  }
}

/** The fault of each event that is known to be at fault: named by the merge, or alone in its batch. */
function toFaults(error: unknown, events: readonly QueuedEvent[]): ReadonlyMap<string, Fault> {
  const faults = new Map<string, Fault>()
  const rejections = error instanceof EventRejected ? error.rejections : []
  for (const { id } of events) {
    const fault = joinFaults(rejections.filter(({ eventId }) => eventId === id))
    if (fault !== undefined) faults.set(id, fault)
  }
  const [first] = events
  if (faults.size === 0 && events.length === 1 && first !== undefined) {
    faults.set(first.id, { kind: 'MERGE_FAILED', reason: toMessage(error) })
  }
  return faults
}

function toHalves(events: QueuedEvent[]): QueuedEvent[][] {
  const middle = Math.ceil(events.length / 2)
  return [events.slice(0, middle), events.slice(middle)]
}

type Outcome = { kind: 'merged' } | { kind: 'lasting'; error: unknown } | { kind: 'tired'; tries: number }

async function mergeTogether(
  events: QueuedEvent[],
  { merge, isPassing, hurry, log, notes }: PatientMergeOptions,
  triesBefore: number,
): Promise<Outcome> {
  let outcome: Outcome = { kind: 'merged' }
  const mergeOnce = async (attempt: number) => {
    const startedAt = performance.now()
    const note = (tried: TriedBatch['outcome']) => {
      const seconds = (performance.now() - startedAt) / 1000
      notes?.batchTried({ outcome: tried, events: events.length, seconds, isRetry: attempt > 1 })
    }
    try {
      await merge(events)
      note('merged')
    } catch (error) {
      const passes = isPassing(error)
      note(passes ? 'passing' : 'lasting')
      if (passes) throw error
      outcome = { kind: 'lasting', error }
    }
  }
  const triesMax = events.length === 1 ? Infinity : triesBefore + triesTogether
  const isDone = await tryUntilDone(mergeOnce, { what: 'merge', events, triesBefore, triesMax, hurry, log })
  return isDone ? outcome : { kind: 'tired', tries: triesMax }
}

async function giveUpPatiently(
  event: QueuedEvent,
  fault: Fault,
  { giveUp, hurry, log }: PatientMergeOptions,
): Promise<void> {
  const giveUpOnce = async () => await giveUp(event, fault)
  const patience = { triesBefore: 0, triesMax: Infinity, hurry, log }
  await tryUntilDone(giveUpOnce, { what: 'dead letter', events: [event], ...patience })
}

interface Trial {
  what: string
  events: readonly QueuedEvent[]
  /** Tries that the same trouble has taken already. */
  triesBefore: number
  triesMax: number
  hurry: AbortSignal
  log: Logger
}

/** Returns whether the task was done before the tries were used up. */
async function tryUntilDone(task: (attempt: number) => Promise<void>, trial: Trial): Promise<boolean> {
  const { what, events, triesBefore, triesMax, hurry, log } = trial
  const facts = { what, events: events.length, requestId: events[0]?.requestId }
  for (let attempt = triesBefore + 1; attempt <= triesMax; attempt += 1) {
    try {
      await task(attempt)
      if (attempt > 1) log.info({ ...facts, attempts: attempt }, 'events settled after retry')
      return true
    } catch (error) {
      if (hurry.aborted) throw new MergeAbandoned('the worker is closing', { cause: error })
      if (isPowerOfTwo(attempt)) {
        log.warn(
          { ...facts, attempts: attempt, reason: toMessage(error) },
          'events met passing trouble, trying on',
        )
      }
      await pause(toPauseMs(attempt), hurry)
    }
  }
  return false
}

/** Growing, and never twice the same: workers that met in a deadlock shall not meet again. */
function toPauseMs(attempt: number): number {
  const full = Math.min(pauseMsMin * 2 ** Math.min(attempt - 1, 10), pauseMsMax)
  return full * (0.5 + Math.random() / 2)
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count))
}

/** Ends early when told to hurry: the task is then tried a last time. */
async function pause(ms: number, hurry: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer)
      hurry.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    hurry.addEventListener('abort', done)
  })
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
