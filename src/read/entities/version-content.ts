import { isJsonObject, readObjects, readText } from '../../openlineage/json-object.ts'
import { toEntityKey, type EntityKey } from '../../openlineage/keys.ts'

/** What a JobVersion's `structure` holds. */
export interface VersionContent {
  inputs: EntityKey[]
  outputs: EntityKey[]
  /** Key of the column lineage of each output that has one. */
  columnLineage: ReadonlyMap<EntityKey, string>
  /** Keys of the entries of explicit lineage. */
  lineage: string[]
  /** Fingerprint of the SQL; undefined for a job without. */
  sql: string | undefined
  /** Version, or content key, of the source code. */
  source: string | undefined
}

export const noContent: VersionContent = {
  inputs: [],
  outputs: [],
  columnLineage: new Map(),
  lineage: [],
  sql: undefined,
  source: undefined,
}

export function toVersionContent(structure: string | undefined): VersionContent {
  if (structure === undefined) return noContent
  const value: unknown = JSON.parse(structure)
  const lineage = isJsonObject(value) ? value['lineage'] : undefined
  return {
    inputs: readObjects(value, 'inputs').map(toKey),
    outputs: readObjects(value, 'outputs').map(toKey),
    columnLineage: new Map(
      readObjects(value, 'columnLineage').map((entry) => [toKey(entry), readText(entry, ['key']) ?? '']),
    ),
    lineage: Array.isArray(lineage) ? lineage.filter((key) => typeof key === 'string') : [],
    sql: readText(value, ['sql']),
    source: readText(value, ['source']),
  }
}

function toKey(entry: Record<string, unknown>): EntityKey {
  return toEntityKey({
    namespace: readText(entry, ['namespace']) ?? '',
    name: readText(entry, ['name']) ?? '',
  })
}

/** What differs between two contents of a job, in words of what they hold. Empty where nothing does. */
export interface VersionChanges {
  inputsAdded: EntityKey[]
  inputsRemoved: EntityKey[]
  outputsAdded: EntityKey[]
  outputsRemoved: EntityKey[]
  changed: ('SQL' | 'SOURCE' | 'COLUMN_LINEAGE' | 'LINEAGE')[]
}

export function toVersionChanges({ from, to }: { from: VersionContent; to: VersionContent }): VersionChanges {
  const columns = ({ columnLineage }: VersionContent) =>
    JSON.stringify([...columnLineage].map((entry) => entry.join(' ')).toSorted())
  const isOther = [
    ['SQL', from.sql !== to.sql],
    ['SOURCE', from.source !== to.source],
    ['COLUMN_LINEAGE', columns(from) !== columns(to)],
    ['LINEAGE', JSON.stringify(from.lineage) !== JSON.stringify(to.lineage)],
  ] as const
  return {
    inputsAdded: without(to.inputs, from.inputs),
    inputsRemoved: without(from.inputs, to.inputs),
    outputsAdded: without(to.outputs, from.outputs),
    outputsRemoved: without(from.outputs, to.outputs),
    changed: isOther.flatMap(([what, differs]) => (differs ? [what] : [])),
  }
}

function without(all: readonly EntityKey[], some: readonly EntityKey[]): EntityKey[] {
  const known = new Set(some)
  return all.filter((key) => !known.has(key))
}
