import type { Facets, JsonObject, JsonValue } from '../../src/openlineage/events.ts'

/*
 * Reading facets: what is not of the shape asked for counts as not said.
 */

export function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? value : undefined
}

export function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : []
}

export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return listOf(value).flatMap((member): JsonObject[] => {
    const object = objectOf(member)
    return object === undefined ? [] : [object]
  })
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The facet of a key, as an object. */
export function facetOf(facets: Facets | undefined, key: string): JsonObject | undefined {
  return objectOf(facets?.[key])
}

export function isDeleted(facet: JsonObject): boolean {
  return facet['_deleted'] === true
}
