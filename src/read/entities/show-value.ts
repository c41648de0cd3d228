import { fromDateTime, fromDateTimeText } from '../../graph/values.ts'
import { facetProperty, standardFacets, wellKnownFacets } from '../../openlineage/facets.ts'
import type { Reader } from '../../http/access.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { namesHidden } from './hidden-names.ts'

/** A value out of a row as an answer shows it: times as instants, members without a value left out, also in lists and maps. */
export function toShown(value: unknown): unknown {
  const time = fromDateTime(value)
  if (time !== undefined) return time
  if (Array.isArray(value)) return value.map(toShown)
  return isJsonObject(value) ? toShownMap(value) : value
}

/** A map out of a row, likewise. */
export function toShownMap(map: unknown): Record<string, unknown> {
  if (!isJsonObject(map)) return {}
  const entries = Object.entries(map).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries.map(([key, value]) => [key, toShown(value)]))
}

/** Likewise a map in which these members are times as Cypher's texts. */
export function toShownWithTimes(map: unknown, times: readonly string[]): Record<string, unknown> {
  const shown = toShownMap(map)
  for (const key of times) {
    const time = fromDateTimeText(shown[key])
    if (time !== undefined) shown[key] = time
  }
  return shown
}

/** All properties of a node or relationship that are public (docs/graph-model.md), facets aside. */
export function toPublicProperties(
  properties: unknown,
  { without = [] }: { without?: readonly string[] } = {},
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(toShownMap(properties)).filter(
      ([key]) => !internal.has(key) && !key.startsWith('facet') && !without.includes(key),
    ),
  )
}

/** Every facet that a node or relationship keeps, by its key in the event; without those that name what the reader may not see. */
export function toFacets(properties: unknown, reader: Reader): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(toAllFacets(properties)).filter(([, facet]) => !namesHidden(facet, reader)),
  )
}

function toAllFacets(properties: unknown): Record<string, unknown> {
  if (!isJsonObject(properties)) return {}
  const own = Object.entries(properties).flatMap(([property, text]) => {
    const key = keyByProperty.get(property)
    return key === undefined || typeof text !== 'string' ? [] : [[key, parse(text)] as const]
  })
  const others = properties['facets_other']
  const strangers = typeof others === 'string' ? parse(others) : {}
  return { ...Object.fromEntries(own), ...(isJsonObject(strangers) ? strangers : {}) }
}

const keyByProperty: ReadonlyMap<string, string> = new Map(
  [...standardFacets.map(({ key }) => key), ...wellKnownFacets].flatMap((key) => {
    const property = facetProperty(key)
    return property === undefined ? [] : [[property, key] as const]
  }),
)

/** Notes of the collector's own, as docs/graph-model.md lists them under Internal. */
const internal: ReadonlySet<string> = new Set(
  [
    'key lock accumulated clock first last dag scope statedLinks rulesKey',
    'versionClock declared declaredClock controlFlow controlFlowClock',
    'writtenClock writtenChange writtenSchema writtenSchemaClock',
    'declaredSchema declaredLineage declaredColumnLineage declaredChange',
    'declaredSchemaClock declaredLineageClock declaredColumnLineageClock declaredChangeClock',
    'sightedIn',
  ].flatMap((names) => names.split(' ')),
)

/** What is no JSON, which no facet of ours is, is shown as it stands. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
