import { toDateTime, toInteger } from '../graph/values.ts'
import { readPath, readText } from '../openlineage/json-object.ts'
import { toInstant } from '../openlineage/time.ts'
import type { Properties } from './properties.ts'

/**
 * The properties that follow from one facet. It is undefined where the facet is deleted or may not be interpreted: then they are all
 * null. No two facets of one thing give the same property, so that their order does not matter.
 */
export type Interpretation = (facet: unknown) => Properties

/** By facet key. */
export type Interpretations = Readonly<Record<string, Interpretation>>

/** Bytes of a text under an index, which takes no longer ones; a longer text stays in its facet only. */
const INDEXED_BYTES_MAX = 4096

export function text(facet: unknown, ...path: string[]): string | null {
  return readText(facet, path) ?? null
}

/** A text that is looked up by an index. */
export function indexedText(facet: unknown, ...path: string[]): string | null {
  const found = readText(facet, path)
  return found !== undefined && Buffer.byteLength(found) <= INDEXED_BYTES_MAX ? found : null
}

export function integer(facet: unknown, ...path: string[]): unknown {
  const value = readPath(facet, path)
  return typeof value === 'number' ? (toInteger(value) ?? null) : null
}

/** A number that is a FLOAT in the graph. */
export function float(facet: unknown, ...path: string[]): number | null {
  const value = readPath(facet, path)
  return typeof value === 'number' ? value : null
}

export function time(facet: unknown, ...path: string[]): unknown {
  const instant = toInstant(readText(facet, path) ?? '')
  return instant === undefined ? null : toDateTime(instant)
}

/** A list of texts, null where it has none. */
export function texts(values: readonly unknown[]): string[] | null {
  const found = values.filter((value) => typeof value === 'string')
  return found.length === 0 ? null : found
}
