import { toDateTime, toInteger } from '../graph/values.ts'

/** Properties to set on a node or relationship: null takes one away. */
export type Properties = Record<string, unknown>

/** Only what differs; a property that is gone becomes null. */
export function toChangedProperties(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Properties {
  const changed: Properties = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[key] !== after[key]) changed[key] = after[key] ?? null
  }
  return changed
}

export function isEmpty(properties: Properties): boolean {
  return Object.keys(properties).length === 0
}

const times = new Set([
  'startedAt',
  'endedAt',
  'at',
  'writtenAt',
  'firstSeenAt',
  'lastSeenAt',
  'droppedAt',
  'removedAt',
  'checkedAt',
])

/** Properties as Neo4j takes them: instants as times, numbers as integers. */
export function toStoredProperties(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      if (typeof value === 'string' && times.has(key)) return [key, toDateTime(value)]
      if (typeof value === 'number') return [key, toInteger(value)]
      return [key, value]
    }),
  )
}
