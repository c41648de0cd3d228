import type { JsonSchema } from '../../http/parameters.ts'

/** An object of these members; those of `required` are always there. Further members are what events bring along, where `open`. */
export function object(
  properties: Readonly<Record<string, JsonSchema>>,
  { required = Object.keys(properties), open = false }: { required?: readonly string[]; open?: boolean } = {},
): JsonSchema {
  return { type: 'object', required, properties, additionalProperties: open }
}

export function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items }
}

export function named(schema: string): JsonSchema {
  return { $ref: `#/components/schemas/${schema}` }
}

export const string: JsonSchema = { type: 'string' }
export const boolean: JsonSchema = { type: 'boolean' }
export const integer: JsonSchema = { type: 'integer' }
export const time: JsonSchema = { type: 'string', format: 'date-time' }
export const anyObject: JsonSchema = { type: 'object' }

export const hidden: JsonSchema = {
  type: 'integer',
  minimum: 0,
  description: 'How many things were left out that the key may not see.',
}

const next: JsonSchema = {
  type: 'string',
  description: 'The cursor of the next page; absent on the last one.',
}

/** A page of a list. */
export function pageOf(member: string, items: JsonSchema): JsonSchema {
  return object({ [member]: list(items), next }, { required: [member] })
}
