import { type Clock, newest } from './clock.ts'
import type { Schema } from './schemas.ts'

/** A column as the graph should show it. */
export interface Field {
  field: string
  type: string | undefined
  isRemoved: boolean
}

/**
 * Every field ever seen, in a schema or in column lineage. The stated schema gives the type and removes what it lacks; of the others
 * stands what was seen last. What a reader saw removes nothing.
 */
export function fieldsOf(
  stated: Schema | undefined,
  seen: readonly { schema: Schema; clock: Clock }[],
  named: readonly string[],
): Field[] {
  const fields = new Set([...seen.flatMap(({ schema }) => [...schema.keys()]), ...named])
  return [...fields].toSorted().map((field) => ({
    field,
    type: stated?.has(field) === true ? stated.get(field)?.type : seenType(field, seen),
    isRemoved: stated !== undefined && !stated.has(field),
  }))
}

function seenType(field: string, seen: readonly { schema: Schema; clock: Clock }[]): string | undefined {
  const sightings = seen.filter(({ schema }) => schema.has(field))
  const last = newest(sightings)
  const ofLastHour = sightings.filter(
    ({ clock }) => last !== undefined && hourOf(clock) === hourOf(last.clock),
  )
  const types = new Set(ofLastHour.map(({ schema }) => schema.get(field)?.type))
  return types.size > 1 ? '*' : [...types][0]
}

const nanosecondsOfHour = 3_600_000_000_000n

function hourOf({ time }: Clock): bigint {
  return time / nanosecondsOfHour
}
