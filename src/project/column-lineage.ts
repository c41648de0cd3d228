import { byKey, toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { ColumnLineageDatasetFacet, ColumnLineageInput } from '../openlineage/facet-types.ts'
import { isNodeName, toContentKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { toRecord } from './to-record.ts'

/** One source of a column, or of a whole dataset, with how it goes in. */
export interface ColumnSource {
  dataset: EntityKey
  field: string
  type: string
  /** `''` where the producer states none. */
  subtype: string
  masking: boolean
  description: string
}

/** Column lineage of one dataset: what its facet says, without who said it, in one order. */
export interface ColumnLineage {
  fields: Record<string, ColumnSource[]>
  /** What the dataset as a whole depends on: filters, joins, groupings. */
  dataset: ColumnSource[]
}

/** How a source takes part that states no transformation: of a field directly, of the whole dataset by deciding on its rows. */
const defaultTypes = { field: 'DIRECT', dataset: 'INDIRECT' }

/** A column lineage with its key, and the datasets that it names: its target and its sources. */
export interface ColumnLineageVersion {
  key: string
  content: ColumnLineage
  datasets: EntityKey[]
}

/** @returns undefined where the facet says nothing */
export function toColumnLineageVersion(
  dataset: EntityKey,
  facet: ColumnLineageDatasetFacet,
): ColumnLineageVersion | undefined {
  const content = toColumnLineage(facet)
  const saysNothing = Object.keys(content.fields).length === 0 && content.dataset.length === 0
  if (saysNothing) return undefined
  const datasets = [...new Set([dataset, ...sourceDatasets(content)])]
  return { key: toColumnLineageKey(dataset, content), content, datasets }
}

export function toColumnLineage(facet: ColumnLineageDatasetFacet): ColumnLineage {
  const share = createSharing()
  const fields = Object.entries(facet.fields).map(
    ([field, { inputFields, transformationType, transformationDescription }]) =>
      [
        field,
        toSources(inputFields, {
          byDefault: { type: defaultTypes.field, transformationType, transformationDescription },
          share,
        }),
      ] as const,
  )
  return {
    fields: toRecord(fields),
    dataset: toSources(facet.dataset ?? [], { byDefault: { type: defaultTypes.dataset }, share }),
  }
}

/** Equal column lineages of one dataset have equal keys. */
export function toColumnLineageKey(dataset: EntityKey, content: ColumnLineage): string {
  return toContentKey(`${dataset} ${toCanonicalJson(content)}`)
}

/** All datasets that the column lineage names as sources, each once. */
export function sourceDatasets(content: ColumnLineage): Set<EntityKey> {
  return new Set(
    [...Object.values(content.fields).flat(), ...content.dataset].map((source) => source.dataset),
  )
}

/** Each dataset with the fields that the column lineage of `target` names in it. */
export function namedFields(target: EntityKey, content: ColumnLineage): Map<EntityKey, Set<string>> {
  const named = new Map<EntityKey, Set<string>>([[target, new Set(Object.keys(content.fields))]])
  for (const { dataset, field } of [...Object.values(content.fields).flat(), ...content.dataset]) {
    const fields = named.get(dataset) ?? new Set<string>()
    named.set(dataset, fields.add(field))
  }
  return named
}

/** Gives of equal texts the one that came first: what is remembered of a column lineage would hold the same name for each column. */
function createSharing(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const first = known.get(text)
    if (first === undefined) known.set(text, text)
    return first ?? text
  }
}

interface DefaultTransformation {
  type: string
  /** Before 1-2-0 a field stated one transformation for all its inputs: IDENTITY or MASKED. */
  transformationType?: string | undefined
  transformationDescription?: string | undefined
}

/** How inputs are read. */
interface SourceReading {
  byDefault: DefaultTransformation
  share: (text: string) => string
}

/** One entry for each source and kind of transformation; the same said twice is folded into one. */
function toSources(inputs: ColumnLineageInput[], reading: SourceReading): ColumnSource[] {
  const sources = new Map<string, ColumnSource>()
  for (const source of inputs.flatMap((input) => toSourcesOfInput(input, reading))) {
    const key = toCanonicalJson([source.dataset, source.field, source.type, source.subtype])
    const present = sources.get(key)
    sources.set(key, present === undefined ? source : foldSources(present, source))
  }
  return [...sources].toSorted(byKey).map(([, source]) => source)
}

function foldSources(a: ColumnSource, b: ColumnSource): ColumnSource {
  return {
    ...a,
    masking: a.masking || b.masking,
    description: a.description > b.description ? a.description : b.description,
  }
}

/** Its members are written out: of objects that begin with a spread V8 makes a hidden class each, which was a third of a worker's heap. */
function toSourcesOfInput(input: ColumnLineageInput, { byDefault, share }: SourceReading): ColumnSource[] {
  if (!isNodeName(input) || input.field === '') return []
  const field = share(input.field)
  const dataset = share(toEntityKey(input))
  if (input.transformations !== undefined && input.transformations.length > 0) {
    return input.transformations.map(({ type, subtype = '', masking = false, description = '' }) => ({
      dataset,
      field,
      type: share(type),
      subtype: share(subtype),
      masking,
      description,
    }))
  }
  const { type, transformationType = '', transformationDescription = '' } = byDefault
  const masking = transformationType === 'MASKED'
  const subtype = masking ? '' : transformationType
  return [{ dataset, field, type, subtype, masking, description: transformationDescription }]
}
