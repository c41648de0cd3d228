import { isDatasetEvent, isRunEvent, type JobEvent, type LineageEvent } from '../openlineage/events.ts'
import { isUnknownJob, toEntityKey } from '../openlineage/keys.ts'
import { normaliseRunId } from '../openlineage/run-id.ts'
import { toInstant } from '../openlineage/time.ts'
import { toClock, toRank } from './clock.ts'
import { toFacetRegisters } from './facet-registers.ts'
import { addJob, type EventFact, type Facts } from './facts.ts'
import { projectDataset } from './project-dataset.ts'
import { projectDatasets, unitedDatasets } from './project-datasets.ts'
import { toJobContent } from './job-content.ts'
import { projectRun } from './project-run.ts'
import { stateCode } from './state-code.ts'
import { stateJobLineage } from './state-lineage.ts'
import { createContentMemos, type ContentMemos, type Saying } from './saying.ts'

/** An accepted event, parsed again, with what the receiver noted of it. */
export interface ReceivedEvent {
  id: string
  /** ISO 8601 in UTC. */
  receivedAt: string
  event: LineageEvent
  /** The event's text as received, compressed: the log entry. */
  payload: Buffer
  /** Pointers of the facets that break their schema. */
  brokenFacets: readonly string[]
  /** The kinds of what the receiver warned of, sorted. */
  warnings: readonly string[]
}

export interface ProjectOptions {
  /** A larger facet is not kept on its node. */
  facetBytesMax: number
  /** Kept from batch to batch, so that what comes with every run is derived once. */
  memos?: ContentMemos
}

/** A missing eventType counts as OTHER. */
const DEFAULT_EVENT_TYPE = 'OTHER'

/**
 * Adds what one event says to the facts of its batch.
 * @throws {RangeError} for an eventTime that is no time, which validation keeps out
 */
export function projectEvent(facts: Facts, received: ReceivedEvent, options: ProjectOptions): void {
  const { event } = received
  const time = toInstant(event.eventTime)
  if (time === undefined) throw new RangeError(`eventTime "${event.eventTime}" is no time`)
  const eventType = isRunEvent(event) ? (event.eventType ?? DEFAULT_EVENT_TYPE) : undefined
  const rank = toRank(eventType ?? DEFAULT_EVENT_TYPE)
  const stamp = { time, rank, event: received.id }
  const saying: Saying = {
    ...stamp,
    clock: toClock(stamp),
    producer: event.producer,
    broken: new Set(received.brokenFacets),
    facetBytesMax: options.facetBytesMax,
    memos: options.memos ?? createContentMemos(),
  }
  facts.events.set(received.id, {
    id: received.id,
    eventType,
    eventTime: time,
    receivedAt: toInstant(received.receivedAt) ?? time,
    producer: event.producer,
    warnings: received.warnings,
    payload: received.payload,
    about: toSubject(event),
  })
  if (isRunEvent(event)) projectRun(facts, { event, eventType: eventType ?? DEFAULT_EVENT_TYPE, saying })
  else if (isDatasetEvent(event)) projectDataset(facts, event, saying)
  else projectJob(facts, event, saying)
}

function toSubject(event: LineageEvent): EventFact['about'] {
  if (isRunEvent(event)) return { run: normaliseRunId(event.run.runId) }
  if (isDatasetEvent(event)) return { dataset: toEntityKey(event.dataset) }
  return { job: toEntityKey(event.job) }
}

function projectJob(facts: Facts, event: JobEvent, saying: Saying): void {
  const { time, clock, broken } = saying
  const stated = { facets: event.job.facets, where: 'job', pointer: '#/job/facets', broken } as const
  const { inputs, outputs } = projectDatasets(facts, unitedDatasets(event, broken), saying)
  const code = stateCode(stated, saying)
  const declared = toJobContent({
    inputs: inputs.keys(),
    outputs: [...outputs].map(([dataset, { columnLineage }]) => [dataset, columnLineage]),
    lineage: stateJobLineage(facts, { job: event.job, facets: stated }, saying),
    sql: code.sql?.value,
    source: code.source?.value,
  })
  addJob(facts, toEntityKey(event.job), {
    first: time,
    last: time,
    facets: toFacetRegisters(stated, saying),
    declared: isUnknownJob(event.job) ? undefined : { clock, value: declared },
  })
}
