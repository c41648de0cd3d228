import { toObjectText } from '../openlineage/canonical-json.ts'
import { facetProperty } from '../openlineage/facets.ts'
import type { Register } from '../project/clock.ts'
import type { FacetRegisters } from '../project/facet-registers.ts'
import { toInterpretedProperties } from './interpreted-properties.ts'
import type { Properties } from './properties.ts'

type SideRegisters = Readonly<Record<string, Register<string>>>

/** What changes on a READ or WROTE relationship through the input or output facets that a batch brings. */
export function toSideFacetProperties(
  kind: 'read' | 'write',
  {
    before = {},
    after = {},
    said = new Map(),
  }: {
    before: SideRegisters | undefined
    after: SideRegisters | undefined
    said: FacetRegisters | undefined
  },
): Properties {
  const changed: FacetRegisters = new Map(
    [...said].filter(([key, { hash, text }]) => {
      const value = (facetProperty(key) === undefined ? text : hash) ?? ''
      const isNewest = after[key]?.value === value
      return isNewest && before[key]?.value !== value
    }),
  )
  const properties: Properties = toInterpretedProperties(kind, changed)
  for (const [key, { text }] of changed) {
    const property = facetProperty(key)
    if (property === undefined) properties['facets_other'] = joinOthers(after)
    else properties[property] = text ?? null
  }
  return properties
}

function joinOthers(registers: SideRegisters): string {
  const others = Object.entries(registers)
    .filter(([key, { value }]) => facetProperty(key) === undefined && value !== '')
    .map(([key, { value }]) => [key, value] as const)
  return toObjectText(others)
}
