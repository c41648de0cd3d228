import { isJsonObject, readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { EntityKey } from '../../openlineage/keys.ts'
import type { VersionContent } from '../entities/version-content.ts'

/** A flow between two datasets. */
export interface Flow {
  from: EntityKey
  to: EntityKey
  derivation: 'IO' | 'COLUMN' | 'EXPLICIT'
}

/** What column lineages, and entries of explicit lineage, say of datasets, by their keys. */
export type StatedSources = ReadonlyMap<
  string,
  { target: EntityKey | undefined; sources: ReadonlySet<EntityKey> }
>

/** What a stored column lineage or entry of explicit lineage says of datasets. */
export function toStatedSources(content: string): {
  target: EntityKey | undefined
  sources: ReadonlySet<EntityKey>
} {
  const value: unknown = JSON.parse(content)
  const fields = readPath(value, ['fields'])
  const ofFields = isJsonObject(fields)
    ? Object.keys(fields).flatMap((field) => readObjects(fields, field))
    : []
  const isExplicit = isJsonObject(value) && 'target' in value
  if (!isExplicit) {
    const all = [...ofFields, ...readObjects(value, 'dataset')]
    return {
      target: undefined,
      sources: new Set(all.flatMap((source) => readText(source, ['dataset']) ?? [])),
    }
  }
  const datasets = [...ofFields, ...readObjects(value, 'sources')].filter(({ kind }) => kind === 'DATASET')
  const isDataset = readText(value, ['target', 'kind']) === 'DATASET'
  return {
    target: isDataset ? readText(value, ['target', 'entity']) : undefined,
    sources: new Set(datasets.flatMap((source) => readText(source, ['entity']) ?? [])),
  }
}

/**
 * The flows between datasets of a job with this content, as merging derives them: explicit lineage is the only source of its targets'
 * flows; every input feeds each other output, and so does a source that only column lineage names.
 */
export function toFlows(content: VersionContent, stated: StatedSources): Flow[] {
  const explicit = content.lineage.flatMap((key) => stated.get(key) ?? [])
  const settled = new Set(explicit.map(({ target }) => target))
  const flows = [
    ...explicit.flatMap(({ target, sources }) =>
      target === undefined
        ? []
        : [...sources].map((from) => ({ from, to: target, derivation: 'EXPLICIT' as const })),
    ),
    ...content.outputs
      .filter((output) => !settled.has(output))
      .flatMap((to) => {
        const named = stated.get(content.columnLineage.get(to) ?? '')?.sources ?? new Set<EntityKey>()
        return [...new Set([...content.inputs, ...named])].map((from) => ({
          from,
          to,
          derivation: named.has(from) ? ('COLUMN' as const) : ('IO' as const),
        }))
      }),
  ]
  return flows.filter(({ from, to }) => from !== to)
}

/** Keys of what has to be read of lineages to know the flows of contents. */
export function lineageKeysOf(contents: readonly VersionContent[]): string[] {
  return [
    ...new Set(contents.flatMap(({ columnLineage, lineage }) => [...columnLineage.values(), ...lineage])),
  ]
}
