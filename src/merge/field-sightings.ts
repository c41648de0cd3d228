import { fromDateTimeText, toDateTime } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'

export interface Span {
  first: Instant
  /** Rounded down to the hour. */
  last: Instant
}

/** Fields of one dataset that were named together: by a schema, a column lineage, or another facet. */
export interface FieldMention extends Span {
  paths: Paths
  /** The SchemaVersion that names them, where one does. */
  schema: string | undefined
  /** Its span before, where the graph has this mention already: all of its fields are there, and know of that. */
  before: Span | undefined
}

/** What fields know already of when they were seen, by dataset: those of a schema know of its whole span. */
export type ToldFields = ReadonlyMap<EntityKey, readonly (Span & { paths: Paths })[]>

export type Paths = Pick<ReadonlySet<string>, 'has' | 'keys' | 'size'>

/** What a batch says of fields that they do not know of yet, by dataset. */
export type FieldMentions = Map<EntityKey, FieldMention[]>

export function addMention(mentions: FieldMentions, dataset: EntityKey, mention: FieldMention): void {
  const present = mentions.get(dataset)
  if (present === undefined) mentions.set(dataset, [mention])
  else present.push(mention)
}

/** Whether the fields know of this mention already, through the schemas that the batch states of their dataset. */
export function isTold(
  told: ToldFields,
  dataset: EntityKey,
  { paths, ...span }: Span & { paths: Paths },
): boolean {
  const schemas = told.get(dataset) ?? []
  return schemas.some((schema) => isCovered(span, schema) && isWithin(paths, schema.paths))
}

function isWithin(paths: Paths, others: Paths): boolean {
  for (const path of paths.keys()) if (!others.has(path)) return false
  return true
}

/** When a field was seen, and in which SchemaVersion last. */
export interface FieldSighting extends Span {
  sightedIn: string | undefined
}

/** When each SchemaVersion was last seen, by key. */
export type LastSeen = (schema: string) => Instant

export function joinSightings(a: FieldSighting, b: FieldSighting, lastSeen: LastSeen): FieldSighting {
  return {
    ...joinSpans(a, b),
    sightedIn: laterOf(a.sightedIn, b.sightedIn, lastSeen),
  }
}

function laterOf(a: string | undefined, b: string | undefined, lastSeen: LastSeen): string | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b
  const [aSeen, bSeen] = [lastSeen(a), lastSeen(b)]
  if (aSeen !== bSeen) return aSeen > bSeen ? a : b
  return a > b ? a : b
}

export function isCovered(said: Span, known: Span): boolean {
  return known.first <= said.first && said.last <= known.last
}

export function joinSpans(a: Span, b: Span | undefined): Span {
  if (b === undefined) return { first: a.first, last: a.last }
  return { first: a.first < b.first ? a.first : b.first, last: a.last > b.last ? a.last : b.last }
}

export function toSpan(row: Record<string, unknown>): Span {
  return { first: fromDateTimeText(row['first']) ?? '', last: fromDateTimeText(row['last']) ?? '' }
}

export function toTimes({ first, last }: Span) {
  return { firstSeenAt: toDateTime(first), lastSeenAt: toDateTime(last) }
}

export function toNames(dataset: EntityKey) {
  const { namespace, name } = fromEntityKey(dataset)
  return { namespace, dataset: name }
}
