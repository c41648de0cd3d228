import { setMaxListeners } from 'node:events'
import { createCompany } from './company.ts'
import { mergePatiently, MergeAbandoned, type PatientMergeOptions } from './merge-patiently.ts'
import type { QueuedEvent } from './queued-event.ts'

export interface MergeBatcher {
  /**
   * Resolves once every event is merged or a dead letter.
   * @throws {MergeAbandoned} when the batcher is closing and an event could not be merged; some may have been
   */
  settle: (events: readonly QueuedEvent[]) => Promise<void>
  /** No more patience: everything in the line is still tried once, passing trouble abandons it. */
  hurry(): void
  /** Abandons whatever is not being merged at this moment. */
  abandon(): void
}

export interface MergeBatcherOptions extends Omit<PatientMergeOptions, 'hurry'> {
  /** Gets a batch ready that will be merged next, while another is; absent where there is nothing to get ready. */
  prepare?: (events: readonly QueuedEvent[]) => void
  eventsMax: number
  /** Most inflated bytes of a batch; a larger event is a batch of its own. */
  bytesMax: number
  /** Batches merged at a time. */
  writers: number
  /** How long a writer waits for company after a batch, in milliseconds; 0 by default. */
  lingerMs?: number
}

interface Waiting {
  event: QueuedEvent
  settled: () => void
  abandoned: (error: unknown) => void
}

interface Batch {
  /** Each event once. */
  events: QueuedEvent[]
  waiting: readonly Waiting[]
}

/**
 * Merges the events of many jobs in common batches. A free writer takes what is in the line at that moment, up to the
 * limits; what comes meanwhile makes the next batch, which is got ready as soon as it is full. After a batch it lingers while few are in the line, since a small batch costs
 * an event several times as much as a large one. So an event that comes alone is merged at once, and batches grow with the load.
 */
export function createMergeBatcher(options: MergeBatcherOptions): MergeBatcher {
  const line: Waiting[] = []
  const hurry = new AbortController()
  // Each writer in a pause listens, and so does what waits for company: more than Node.js expects.
  setMaxListeners(options.writers + 1, hurry.signal)
  const company = createCompany(
    { count: () => line.length, countMax: options.eventsMax, lingerMs: options.lingerMs ?? 0 },
    hurry.signal,
  )
  let writersFree = options.writers
  /** A full batch that is got ready while the writers are busy. */
  let next: Batch | undefined

  function startWriters(): void {
    while (writersFree > 0 && line.length > 0) {
      writersFree -= 1
      void write()
    }
  }

  async function write(): Promise<void> {
    for (let batch = takeNext(); batch !== undefined; batch = takeNext()) {
      prepareNext()
      await settleBatch(batch, { ...options, hurry: hurry.signal })
      if (next === undefined) await company.awaited()
    }
    writersFree += 1
  }

  function takeNext(): Batch | undefined {
    const batch = next ?? takeBatch(line, options)
    next = undefined
    return batch
  }

  /** A batch that still has room may grow while it waits. */
  function prepareNext(): void {
    if (options.prepare === undefined || next !== undefined || line.length < options.eventsMax) return
    next = takeBatch(line, options)
    if (next !== undefined) options.prepare(next.events)
  }

  return {
    async settle(events) {
      const all = events.map(
        async (event) =>
          await new Promise<void>((settled, abandoned) => {
            line.push({ event, settled, abandoned })
          }),
      )
      company.came()
      startWriters()
      prepareNext()
      await Promise.all(all)
    },
    hurry() {
      hurry.abort()
    },
    abandon() {
      hurry.abort()
      const left = [...(next?.waiting ?? []), ...line.splice(0)]
      next = undefined
      for (const { abandoned } of left) abandoned(new MergeAbandoned('the worker is closing'))
    },
  }
}

/** What goes together, from the front of the line; undefined where it is empty. */
function takeBatch(line: Waiting[], { eventsMax, bytesMax }: MergeBatcherOptions): Batch | undefined {
  const ids = new Set<string>()
  let count = 0
  let bytes = 0
  for (const { event } of line) {
    if (!ids.has(event.id)) {
      bytes += event.bytes
      const isFull = ids.size === eventsMax || (ids.size > 0 && bytes > bytesMax)
      if (isFull) break
      ids.add(event.id)
    }
    count += 1
  }
  if (count === 0) return undefined
  const waiting = line.splice(0, count)
  // The same event may wait twice, in two jobs; it is merged once.
  return { waiting, events: [...new Map(waiting.map(({ event }) => [event.id, event])).values()] }
}

/** Never throws: each event hears what became of it. */
async function settleBatch({ events, waiting }: Batch, options: PatientMergeOptions): Promise<void> {
  const waitingById = groupById(waiting)
  const tellSettled = ({ id }: QueuedEvent) => waitingById.get(id)?.forEach(({ settled }) => settled())
  try {
    await mergePatiently(events, tellSettled, options)
  } catch (error) {
    // Those that were settled before do not hear it any more.
    for (const { abandoned } of waiting) abandoned(error)
  }
}

function groupById(batch: readonly Waiting[]): ReadonlyMap<string, Waiting[]> {
  const groups = new Map<string, Waiting[]>()
  for (const waiting of batch) {
    const group = groups.get(waiting.event.id)
    if (group === undefined) groups.set(waiting.event.id, [waiting])
    else group.push(waiting)
  }
  return groups
}
