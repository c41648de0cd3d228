import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import { readMoreOfDatasetsStatement, readShortDatasetsStatement } from './dataset-statements.ts'
import { toFacets } from '../entities/show-value.ts'
import { maps, textOrNull, toTagName, toTagNames, toTime, toUuid } from './marquez-values.ts'
import { toTransformation } from './transformation.ts'

/** Fields shown of one dataset, and columns that they are made of. */
const fieldsMax = 2000
const columnsMax = 10_000

export interface DatasetReading {
  reader: Reader
  /** Whether hidden datasets are left out. */
  hides: boolean
}

export type MarquezDataset = Record<string, unknown>

/** Datasets as a graph of lineage shows them, in the order of their names; those that nobody knows or may see are left out. */
export async function readShortDatasets(
  tx: GraphTransaction,
  names: readonly EntityName[],
  { reader, hides }: DatasetReading,
): Promise<MarquezDataset[]> {
  const rows = names.filter(({ namespace }) => reader.sees(namespace))
  if (rows.length === 0) return []
  const found = await tx.run(readShortDatasetsStatement, { rows, fields: fieldsMax })
  return found.filter((row) => !hides || row['isHidden'] !== true).map(toShortDataset)
}

/** Datasets with facets and column lineage. */
export async function readDatasets(
  tx: GraphTransaction,
  names: readonly EntityName[],
  reading: DatasetReading,
): Promise<MarquezDataset[]> {
  const short = await readShortDatasets(tx, names, reading)
  if (short.length === 0) return []
  const rows = short.map(({ namespace, name }) => ({ namespace, name }))
  const more = await tx.run(readMoreOfDatasetsStatement, { rows, columns: columnsMax })
  const byName = new Map(more.map((row) => [keyOf(row), row]))
  return short.map((dataset) => {
    const row = byName.get(keyOf(dataset))
    const version = textOrNull(row?.['version'])
    const { deleted, ...shown } = dataset
    return {
      ...shown,
      currentVersion: version === null ? null : toUuid(version),
      lastModifiedAt: toTime(row?.['writtenAt']) ?? dataset['lastModifiedAt'],
      columnLineage: toColumnLineage(row?.['columns'], reading.reader),
      facets: toFacets(row?.['properties'], reading.reader),
      deleted,
    }
  })
}

function keyOf({ namespace, name }: Record<string, unknown>): string {
  return toEntityKey({ namespace: String(namespace), name: String(name) })
}

function toShortDataset(row: Row): MarquezDataset {
  const { namespace, name } = { namespace: String(row['namespace']), name: String(row['name']) }
  return {
    id: { namespace, name },
    type: toDatasetType(namespace, row['type']),
    name,
    physicalName: name,
    createdAt: toTime(row['createdAt']),
    updatedAt: toTime(row['updatedAt']),
    namespace,
    sourceName: namespace,
    fields: toFields(row),
    tags: toTagNames(row['tags']),
    lastModifiedAt: toTime(row['dataUpdatedAt']) ?? clockTime(row['writtenClock']),
    lastLifecycleState: textOrNull(row['change']),
    description: textOrNull(row['description']),
    deleted: row['isDropped'] === true,
  }
}

/** A clock begins with its time. */
function clockTime(clock: unknown): string | null {
  return typeof clock === 'string' ? (clock.split('|')[0] ?? null) : null
}

function toFields(row: Row) {
  const tags = maps(row['fieldTags'])
  const fields = Array.isArray(row['fields']) ? row['fields'].filter(Array.isArray) : []
  return fields.map(([name, type, description]: unknown[]) => ({
    name: String(name),
    type: textOrNull(type),
    tags: tags
      .filter(({ field }) => field === name)
      .map(toTagName)
      .toSorted(),
    description: textOrNull(description),
  }))
}

const streamSchemes = ['kafka:', 'pubsub:', 'pulsar:', 'kinesis:', 'arn:aws:kinesis', 'rabbitmq:']

export function toDatasetType(namespace: string, type: unknown): string {
  const isStream =
    type === 'TOPIC' || type === 'STREAM' || streamSchemes.some((one) => namespace.startsWith(one))
  return isStream ? 'STREAM' : 'DB_TABLE'
}

/** What each column is made of, in the form of the columns' own facet. */
function toColumnLineage(columns: unknown, reader: Reader): Record<string, unknown>[] {
  const byField = new Map<string, Record<string, unknown>[]>()
  for (const column of Array.isArray(columns) ? columns.filter(Array.isArray) : []) {
    const [name, namespace, dataset, field, type, subtype, description]: unknown[] = column
    if (!reader.sees(String(namespace))) continue
    const source = { namespace, dataset, field, ...toTransformation({ type, subtype, description }) }
    byField.set(String(name), [...(byField.get(String(name)) ?? []), source])
  }
  return [...byField]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inputFields]) => {
      const [first] = inputFields
      const { transformationDescription = null, transformationType = null } = first ?? {}
      return { name, inputFields, transformationDescription, transformationType }
    })
}
