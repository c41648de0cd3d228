import type { FillGauge } from './fill-gauge.ts'
import { type QueueFull, QueueUnavailable } from './queue-errors.ts'
import type { QueuedEvent } from './queued-event.ts'

/** What became of one event of many: undefined where it is durable, else why it is not known to be. */
export type AddOutcome = QueueUnavailable | QueueFull | undefined

export interface BulkAddOptions {
  /** Writes events as one job. */
  write: (events: QueuedEvent[]) => Promise<void>
  /** Events that must have a job of their own. */
  isLarge: (event: QueuedEvent) => boolean
  jobEventsMax: number
  /** Most characters of payload in one job. */
  jobBytesMax: number
  gauge: Pick<FillGauge, 'refuseWhenFull' | 'countAdded'>
  toQueueError: (error: unknown) => QueueUnavailable | QueueFull
}

/** Most characters of payload on their way at a time: what others send meanwhile stands behind no more than these. */
const roundBytesMax = 2 * 1024 * 1024

/**
 * Adds events as full jobs, a few at a time, so that others find their turn in between. After the first refusal the rest is
 * not tried any more; once the signal is given, what is not known to be queued counts as refused.
 * @returns an outcome for each event, in their order
 */
export async function addInBulk(
  events: readonly QueuedEvent[],
  signal: AbortSignal,
  options: BulkAddOptions,
): Promise<AddOutcome[]> {
  const jobs = toJobs(events, options)
  const outcomes = new Map<QueuedEvent[], AddOutcome>()
  let refusal: AddOutcome
  while (outcomes.size < jobs.length) {
    const round = takeRound(jobs, outcomes.size)
    refusal ??= refuseRound(round, signal, options)
    const results =
      refusal === undefined ? await writeRound(round, signal, options) : round.map(() => refusal)
    round.forEach((job, index) => outcomes.set(job, results[index]))
    refusal ??= results.find((outcome) => outcome !== undefined)
  }
  return jobs.flatMap((job) => job.map(() => outcomes.get(job)))
}

/** In the order of the events: what belongs together is cut, never moved. */
function toJobs(events: readonly QueuedEvent[], options: BulkAddOptions): QueuedEvent[][] {
  const jobs: QueuedEvent[][] = []
  let open: QueuedEvent[] = []
  let bytes = 0
  for (const event of events) {
    const isLarge = options.isLarge(event)
    const isFull = open.length === options.jobEventsMax || bytes + event.payload.length > options.jobBytesMax
    if (open.length === 0 || isLarge || isFull) {
      open = []
      bytes = 0
      jobs.push(open)
    }
    open.push(event)
    // Nothing joins a large event.
    bytes = isLarge ? Infinity : bytes + event.payload.length
  }
  return jobs
}

function takeRound(jobs: readonly QueuedEvent[][], from: number): QueuedEvent[][] {
  let bytes = 0
  const tooMuch = jobs.findIndex((job, index) => {
    if (index < from) return false
    bytes += sumBytes(job)
    return index > from && bytes > roundBytesMax
  })
  return jobs.slice(from, tooMuch === -1 ? undefined : tooMuch)
}

function refuseRound(
  round: readonly QueuedEvent[][],
  signal: AbortSignal,
  { gauge, toQueueError }: BulkAddOptions,
): AddOutcome {
  if (signal.aborted) return toLate()
  try {
    gauge.refuseWhenFull()
  } catch (error) {
    return toQueueError(error)
  }
  for (const event of round.flat()) gauge.countAdded(event.payload.length)
  return undefined
}

async function writeRound(
  round: readonly QueuedEvent[][],
  signal: AbortSignal,
  { write, toQueueError }: BulkAddOptions,
): Promise<AddOutcome[]> {
  let stop: (() => void) | undefined
  const late = new Promise<AddOutcome>((resolve) => {
    stop = () => resolve(toLate())
    signal.addEventListener('abort', stop)
  })
  const written = round.map(async (job) => {
    const outcome = write(job).then(() => undefined, toQueueError)
    return await Promise.race([outcome, late])
  })
  try {
    return await Promise.all(written)
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}

function sumBytes(job: readonly QueuedEvent[]): number {
  return job.reduce((sum, { payload }) => sum + payload.length, 0)
}

function toLate(): QueueUnavailable {
  return new QueueUnavailable('the queue did not take all events in time')
}
