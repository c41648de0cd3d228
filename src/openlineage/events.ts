/**
 * The three kinds of event of the OpenLineage standard (core 2-0-2), as they are after validation.
 * Names are the standard's own; see `schemas/` for the rules each value has passed.
 */

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

/** Facets by key. Any value may stand here: custom facets are kept as they came. */
export type Facets = Record<string, JsonValue>

export type EventType = 'START' | 'RUNNING' | 'COMPLETE' | 'ABORT' | 'FAIL' | 'OTHER'

export interface Job {
  namespace: string
  name: string
  facets?: Facets
}

export interface Run {
  runId: string
  facets?: Facets
}

export interface Dataset {
  namespace: string
  name: string
  facets?: Facets
}

export interface InputDataset extends Dataset {
  inputFacets?: Facets
}

export interface OutputDataset extends Dataset {
  outputFacets?: Facets
}

interface BaseEvent {
  eventTime: string
  producer: string
  schemaURL: string
}

export interface RunEvent extends BaseEvent {
  eventType?: EventType
  run: Run
  job: Job
  inputs?: InputDataset[]
  outputs?: OutputDataset[]
}

export interface JobEvent extends BaseEvent {
  job: Job
  inputs?: InputDataset[]
  outputs?: OutputDataset[]
}

export interface DatasetEvent extends BaseEvent {
  dataset: Dataset
}

export type LineageEvent = RunEvent | JobEvent | DatasetEvent

export function isRunEvent(event: LineageEvent): event is RunEvent {
  return 'run' in event
}

export function isDatasetEvent(event: LineageEvent): event is DatasetEvent {
  return 'dataset' in event && !('run' in event)
}

/** The kinds of event, by the names that the standard gives them. */
export const eventKinds = ['RunEvent', 'JobEvent', 'DatasetEvent'] as const

export type EventKind = (typeof eventKinds)[number]

export function toEventKind(event: LineageEvent): EventKind {
  if (isRunEvent(event)) return 'RunEvent'
  return isDatasetEvent(event) ? 'DatasetEvent' : 'JobEvent'
}
