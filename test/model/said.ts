import type { Facets, JsonObject, LineageEvent } from '../../src/openlineage/events.ts'
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

/** A dataset named twice is one: facets united, the later position winning. */
function unite(datasets: readonly SideDataset[], clock: Clock): SaidOfDataset[] {
  const names = [...new Set(datasets.map(nameOf))]
  return names.map((name) => {
    const mentions = datasets.filter((dataset) => nameOf(dataset) === name)
    return {
      dataset: name,
      clock,
      facets: uniteFacets(mentions.map(({ facets }) => facets ?? {})),
      sideFacets: uniteFacets(
        mentions.map(({ inputFacets, outputFacets }) => inputFacets ?? outputFacets ?? {}),
      ),
    }
  })
}

/**
 * What a run did to data, and what it called the result, are deeds of that run: no tombstone undoes them, nor does the standard think
 * of one.
 */
const deeds = new Set(['lifecycleStateChange', 'version'])

function uniteFacets(mentions: readonly Facets[]): Facets {
  const entries = mentions.flatMap((facets) => Object.entries(facets))
  return Object.fromEntries(
    entries.filter(([key, value]) => !(deeds.has(key) && objectOf(value)?.['_deleted'] === true)),
  )
}

/** The facet of a key as it was last said, and when; undefined where it was never said or is deleted. */
export function current(said: readonly Said[], key: string): { facet: JsonObject; clock: Clock } | undefined {
  const last = newest(sayings(said, key))
  return last === undefined || isDeleted(last.facet) ? undefined : last
}

/** The facet as it was last said with a value: for what a run did, which a later tombstone does not undo. */
export function lastSaid(
  said: readonly Said[],
  key: string,
): { facet: JsonObject; clock: Clock } | undefined {
  return newest(sayings(said, key).filter(({ facet }) => !isDeleted(facet)))
}

/** Each time that a facet was said, tombstones too. */
export function sayings(said: readonly Said[], key: string): { facet: JsonObject; clock: Clock }[] {
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

export function hasJob(event: LineageEvent): event is Exclude<LineageEvent, { dataset: unknown }> {
  return isRunEvent(event) || isJobEvent(event)
}
