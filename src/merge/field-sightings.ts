import { fromDateTime, toDateTime } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'

/** When a field was seen, and in which SchemaVersion, by the hour of that version's last sighting. */
export interface FieldSighting {
  first: Instant
  last: Instant
  sightedIn: string | undefined
  sightedAt: Instant | undefined
}

/** By dataset, then by path. */
export type FieldSightings = Map<EntityKey, Map<string, FieldSighting>>

export interface Span {
  first: Instant
  /** Rounded down to the hour. */
  last: Instant
}

export function joinSightings(a: FieldSighting, b: FieldSighting): FieldSighting {
  const later = isLaterSighting(a, b) ? b : a
  return {
    ...joinSpans(a, b),
    sightedIn: later.sightedIn,
    sightedAt: later.sightedAt,
  }
}

function isLaterSighting(a: FieldSighting, b: FieldSighting): boolean {
  if (a.sightedAt === undefined || b.sightedAt === undefined) return b.sightedAt !== undefined
  if (a.sightedAt !== b.sightedAt) return b.sightedAt > a.sightedAt
  return (b.sightedIn ?? '') > (a.sightedIn ?? '')
}

export function addSighting(
  sightings: FieldSightings,
  { dataset, path }: { dataset: EntityKey; path: string },
  sighting: FieldSighting,
): void {
  const fields = sightings.get(dataset) ?? new Map<string, FieldSighting>()
  const present = fields.get(path)
  fields.set(path, present === undefined ? sighting : joinSightings(present, sighting))
  sightings.set(dataset, fields)
}

export function isCovered(said: Span, known: Span): boolean {
  return known.first <= said.first && said.last <= known.last
}

export function joinSpans(a: Span, b: Span | undefined): Span {
  if (b === undefined) return { first: a.first, last: a.last }
  return { first: a.first < b.first ? a.first : b.first, last: a.last > b.last ? a.last : b.last }
}

export function toSpan(row: Record<string, unknown>): Span {
  return { first: fromDateTime(row['first']) ?? '', last: fromDateTime(row['last']) ?? '' }
}

export function toTimes({ first, last }: Span) {
  return { firstSeenAt: toDateTime(first), lastSeenAt: toDateTime(last) }
}

export function toNames(dataset: EntityKey) {
  const { namespace, name } = fromEntityKey(dataset)
  return { namespace, dataset: name }
}
