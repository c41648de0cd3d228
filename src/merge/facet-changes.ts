import { toCanonicalJson, toObjectText } from '../openlineage/canonical-json.ts'
import { facetProperty } from '../openlineage/facets.ts'
import {
  facetClock,
  joinFacetRegisters,
  type FacetRegister,
  type FacetRegisters,
} from '../project/facet-registers.ts'
import type { Properties } from './properties.ts'

/** How a node keeps its facets beside their values. */
export interface StoredFacets {
  facetClocks: string | undefined
  facetsOther: string | undefined
}

export interface FacetChanges {
  /** What to set on the node; empty where nothing changes. */
  properties: Properties
  /** The facets whose content is another than before, or deleted. */
  changed: FacetRegisters
}

/**
 * Joins the facets that a batch states with those that a node has: the newest statement of each key stands, and a facet that says
 * what it said before only moves its clock.
 */
export function toFacetChanges(stored: StoredFacets, said: FacetRegisters): FacetChanges {
  if (said.size === 0) return { properties: {}, changed: new Map() }
  const before = decodeClocks(stored.facetClocks)
  const newer = new Map([...said].filter(([key, register]) => isNewer(register, before.get(key))))
  if (newer.size === 0) return { properties: {}, changed: new Map() }
  const changed = new Map(
    [...newer].filter(([key, { hash }]) => before.get(key) === undefined || before.get(key)?.hash !== hash),
  )
  joinFacetRegisters(before, newer)
  const properties: Properties = { facetClocks: encodeClocks(before) }
  const others: FacetRegisters = new Map()
  for (const [key, register] of changed) {
    const property = facetProperty(key)
    if (property === undefined) others.set(key, register)
    else properties[property] = register.text ?? null
  }
  if (others.size > 0) properties['facets_other'] = joinOthers(stored.facetsOther, others)
  return { properties, changed }
}

function isNewer(register: FacetRegister, present: FacetRegister | undefined): boolean {
  return present === undefined || facetClock(register) > facetClock(present)
}

function decodeClocks(text: string | undefined): FacetRegisters {
  if (text === undefined) return new Map()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by encodeClocks
  return new Map(Object.entries(JSON.parse(text) as Record<string, FacetRegister>))
}

function encodeClocks(registers: FacetRegisters): string {
  const clocks = [...registers].map(([key, { time, rank, producer, event, hash, deleted, omittedBytes }]) => [
    key,
    { time, rank, producer, event, hash, deleted, omittedBytes },
  ])
  return toCanonicalJson(Object.fromEntries(clocks))
}

/** Facets that have no property of their own stand together in one JSON object. */
function joinOthers(text: string | undefined, said: FacetRegisters): string | null {
  const present: unknown = text === undefined ? {} : JSON.parse(text)
  const texts = new Map(Object.entries(present ?? {}).map(([key, value]) => [key, JSON.stringify(value)]))
  for (const [key, register] of said) {
    if (register.text === undefined) texts.delete(key)
    else texts.set(key, register.text)
  }
  if (texts.size === 0) return null
  return toObjectText(texts)
}
