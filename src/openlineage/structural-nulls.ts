import { isJsonObject } from './json-object.ts'

type Clean = (value: unknown) => unknown
type CleanByKey = ReadonlyMap<string, Clean>

const nothingBelow: CleanByKey = new Map()
const cleanFacets: Clean = (facets) => cleanObject(facets, nothingBelow)
const withFacets: CleanByKey = new Map([['facets', cleanFacets]])
const cleanEntity: Clean = (entity) => cleanObject(entity, withFacets)
const inputKeys: CleanByKey = new Map([...withFacets, ['inputFacets', cleanFacets]])
const outputKeys: CleanByKey = new Map([...withFacets, ['outputFacets', cleanFacets]])
const eventKeys: CleanByKey = new Map<string, Clean>([
  ['run', cleanEntity],
  ['job', cleanEntity],
  ['dataset', cleanEntity],
  ['inputs', (inputs) => cleanList(inputs, (input) => cleanObject(input, inputKeys))],
  ['outputs', (outputs) => cleanList(outputs, (output) => cleanObject(output, outputKeys))],
])

/**
 * Some producers write null for what they do not have. Drops these nulls from the event, its run, job and datasets,
 * its lists of datasets and its facets maps; what is inside a facet is the facet's own.
 * @returns the value itself where there is nothing to drop; else a copy of the parts that change
 */
export function dropStructuralNulls(value: unknown): unknown {
  return cleanObject(value, eventKeys)
}

function cleanObject(value: unknown, cleanByKey: CleanByKey): unknown {
  if (!isJsonObject(value)) return value
  const changes: [key: string, after: unknown][] = []
  for (const [key, clean] of cleanByKey) {
    const after = clean(value[key])
    if (after !== value[key]) changes.push([key, after])
  }
  // Not by assignment, which would call a setter for a key such as __proto__.
  const changed = changes.length === 0 ? value : { ...value, ...Object.fromEntries(changes) }
  return hasNull(changed)
    ? Object.fromEntries(Object.entries(changed).filter(([, member]) => member !== null))
    : changed
}

function hasNull(value: Record<string, unknown>): boolean {
  for (const key in value) if (value[key] === null) return true
  return false
}

function cleanList(value: unknown, cleanItem: Clean): unknown {
  if (!Array.isArray(value)) return value
  const items: unknown[] = value
  const cleaned = items.filter((item) => item !== null).map(cleanItem)
  const isSame = cleaned.length === items.length && cleaned.every((item, index) => item === items[index])
  return isSame ? items : cleaned
}
