import { toObjectText } from '../openlineage/canonical-json.ts'
import { facetProperty } from '../openlineage/facets.ts'
import {
  isNewerFacet,
  joinFacetRegisters,
  type FacetRegister,
  type FacetRegisters,
} from '../project/facet-registers.ts'
import { decodeClocks, encodeClocks } from './facet-clocks.ts'
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
  /** All whose newest statement is another now, and those among their keys that the node had a facet of before. */
  newer: FacetRegisters
  known: ReadonlySet<string>
}

const noChanges: FacetChanges = { properties: {}, changed: new Map(), newer: new Map(), known: new Set() }

/**
 * Joins the facets that a batch states with those that a node has: the newest statement of each key stands, and a facet that says
 * what it said before only moves its clock.
 */
export function toFacetChanges(stored: StoredFacets, said: FacetRegisters): FacetChanges {
  if (said.size === 0) return noChanges
  const before = decodeClocks(stored.facetClocks)
  const newer = new Map([...said].filter(([key, register]) => isNewer(register, before.get(key))))
  if (newer.size === 0) return noChanges
  const known = new Set([...newer.keys()].filter((key) => before.has(key)))
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
  return { properties, changed, newer, known }
}

/** Whether a batch says anything of a node's facets that the node does not know. */
export function hasNewerFacets(
  { facetClocks }: Pick<StoredFacets, 'facetClocks'>,
  said: FacetRegisters,
): boolean {
  if (said.size === 0) return false
  const before = decodeClocks(facetClocks)
  return [...said].some(([key, register]) => isNewer(register, before.get(key)))
}

function isNewer(register: FacetRegister, present: FacetRegister | undefined): boolean {
  return present === undefined || isNewerFacet(register, present)
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
