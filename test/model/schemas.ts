import type { JsonObject } from '../../src/openlineage/events.ts'
import { type Clock, compareTexts, newest } from './clock.ts'
import { current, type Said, sayings } from './said.ts'
import { listOf, objectOf, textOf } from './json.ts'

/** The fields of a dataset by their paths. Their order says nothing. */
export type Schema = ReadonlyMap<string, { type: string | undefined }>

/** The fields that a schema facet states, nested ones by their path. */
export function schemaOf(facet: JsonObject): Schema {
  return new Map(fieldsOf(facet['fields'], ''))
}

type Entry = [path: string, field: { type: string | undefined }]

function fieldsOf(fields: JsonObject[string] | undefined, prefix: string): Entry[] {
  return listOf(fields).flatMap((value): Entry[] => {
    const field = objectOf(value)
    const name = textOf(field?.['name'])
    if (name === undefined) return []
    const path = prefix + name
    return [[path, { type: textOf(field?.['type']) }], ...fieldsOf(field?.['fields'], `${path}.`)]
  })
}

/** The same text for the same fields, whatever their order. */
export function schemaText(schema: Schema): string {
  return [...schema]
    .toSorted(([a], [b]) => compareTexts(a, b))
    .map(([path, { type }]) => `${path}:${type ?? ''}`)
    .join(',')
}

/** The schema last stated; an empty one states none, and takes back what was stated before it. */
export function schemaSaid(said: readonly Said[]): { schema: Schema; clock: Clock } | undefined {
  const last = current(said, 'schema')
  const schema = last === undefined ? undefined : schemaOf(last.facet)
  return last === undefined || schema === undefined || schema.size === 0
    ? undefined
    : { schema, clock: last.clock }
}

/** The fields as they were last seen: that nothing is told of them later is no sight of them. */
export function lastSchema(said: readonly Said[]): { schema: Schema; clock: Clock } | undefined {
  const seen = sayings(said, 'schema').map(({ facet, clock }) => ({ schema: schemaOf(facet), clock }))
  return newest(seen.filter(({ schema }) => schema.size > 0))
}
