import type { Facets, JsonObject, JsonValue, LineageEvent } from '../../src/openlineage/events.ts'
import { type Clock, newest, type Told } from './clock.ts'
import { isDatasetEvent, isJobEvent, isRunEvent } from './kinds.ts'
import { isDeleted, objectOf } from './json.ts'

/** `namespace/name`: names of the small world hold no slash. */
export type Name = string

export interface Named {
  namespace: string
  name: string
}

export function nameOf({ namespace, name }: Named): Name {
  return `${namespace}/${name}`
}

/** Facets said of one thing in one event. */
export interface Said {
  clock: Clock
  facets: Facets
  /** Told of a run or job by a child of it: it fills gaps only. */
  isForwarded?: boolean
}

/** What an event says of a dataset that it reads or writes. */
export interface SaidOfDataset extends Said {
  dataset: Name
  /** inputFacets or outputFacets. */
  sideFacets: Facets
}

interface SideDataset extends Named {
  facets?: Facets
  inputFacets?: Facets
  outputFacets?: Facets
}

export function inputsOf({ event, clock }: Told): SaidOfDataset[] {
  return isDatasetEvent(event) ? [] : unite(event.inputs ?? [], clock)
}

export function outputsOf({ event, clock }: Told): SaidOfDataset[] {
  return isDatasetEvent(event) ? [] : unite(event.outputs ?? [], clock)
}

/** What a DatasetEvent says of its dataset. */
export function declaredOf({ event, clock }: Told): SaidOfDataset[] {
  if (!isDatasetEvent(event)) return []
  return [{ dataset: nameOf(event.dataset), clock, facets: event.dataset.facets ?? {}, sideFacets: {} }]
}

/** A dataset named twice is one: facets united, the later position winning. */
function unite(datasets: readonly SideDataset[], clock: Clock): SaidOfDataset[] {
  const names = [...new Set(datasets.map(nameOf))]
  return names.map((name) => {
    const mentions = datasets.filter((dataset) => nameOf(dataset) === name)
    return {
      dataset: name,
      clock,
      facets: Object.assign({}, ...mentions.map(({ facets }) => facets)) as Facets,
      sideFacets: Object.assign(
        {},
        ...mentions.map(({ inputFacets, outputFacets }) => inputFacets ?? outputFacets),
      ) as Facets,
    }
  })
}

/** The facet of a key as it was last said, and when; undefined where it was never said or is deleted. */
export function current(said: readonly Said[], key: string): Saying | undefined {
  const last = currentOfRun(said, key)
  return last === undefined || isDeleted(last.facet) ? undefined : last
}

/** The same of a run, an input or an output: their facets cannot be deleted. */
export function currentOfRun(said: readonly Said[], key: string): Saying | undefined {
  const own = sayings(
    said.filter(({ isForwarded }) => isForwarded !== true),
    key,
  )
  return newest(own.length > 0 ? own : sayings(said, key))
}

export interface Saying {
  facet: JsonObject
  clock: Clock
}

/** Each time that a facet was said, tombstones too. */
export function sayings(said: readonly Said[], key: string): Saying[] {
  return said.flatMap(({ facets, clock }) => {
    const facet = objectOf(facets[key])
    return facet === undefined ? [] : [{ facet, clock }]
  })
}

export function runFacets(told: readonly Told[]): Said[] {
  return told.flatMap(({ event, clock }) =>
    isRunEvent(event) ? [{ clock, facets: event.run.facets ?? {} }] : [],
  )
}

export function jobFacets(told: readonly Told[]): Said[] {
  return told.flatMap(({ event, clock }) =>
    hasJob(event) ? [{ clock, facets: event.job.facets ?? {} }] : [],
  )
}

/** Facets within a facet. */
export function facetsIn(value: JsonValue | undefined): Facets {
  return objectOf(value) ?? {}
}

export function hasJob(event: LineageEvent): event is Exclude<LineageEvent, { dataset: unknown }> {
  return isRunEvent(event) || isJobEvent(event)
}

/**
 * Spark's first event calls its job "unknown". The pages only say that it never wins over a real name; what is said
 * of it is no job's structure, or every application would meet there.
 */
export function isKnownJob(job: Name): boolean {
  return !job.endsWith('/unknown')
}
