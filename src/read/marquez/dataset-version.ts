import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { readObjects, readText } from '../../openlineage/json-object.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { readVersionsStatement } from './dataset-statements.ts'
import { toFacets } from '../entities/show-value.ts'
import { textOrNull, toTime, toUuid } from './marquez-values.ts'
import type { MarquezDataset } from './read-datasets.ts'
import { readRuns } from './read-runs.ts'

/** Versions of a dataset by their keys, with the run that made each. */
export async function readVersions(
  tx: GraphTransaction,
  keys: readonly string[],
  { dataset, name, reader }: { dataset: MarquezDataset; name: EntityName; reader: Reader },
): Promise<Record<string, unknown>[]> {
  if (keys.length === 0) return []
  const rows = await tx.run(readVersionsStatement, { keys, ...name })
  const runIds = rows.flatMap(({ runId }) => textOrNull(runId) ?? [])
  const runs = new Map((await readRuns(tx, [...new Set(runIds)], { reader })).map((run) => [run['id'], run]))
  return rows.map((row) => {
    const version = toUuid(String(row['key']))
    const schema = textOrNull(row['schema'])
    const writes = Array.isArray(row['writes']) ? row['writes'] : []
    return {
      id: { ...name, version },
      type: dataset['type'],
      name: name.name,
      physicalName: name.name,
      createdAt: toTime(row['writtenAt']),
      version,
      namespace: name.namespace,
      sourceName: dataset['sourceName'],
      fields: toFields(textOrNull(row['fields'])),
      tags: dataset['tags'],
      lifecycleState: textOrNull(row['change']),
      description: dataset['description'],
      currentSchemaVersion: schema === null ? null : toUuid(schema),
      createdByRun: runs.get(row['runId']) ?? null,
      facets: toFacets(writes[0], reader),
    }
  })
}

/** The fields of a SchemaVersion, nested ones by their path. */
function toFields(json: string | null): Record<string, unknown>[] {
  const fields: unknown = JSON.parse(json ?? '[]')
  return collect({ fields }, '')
}

function collect(parent: unknown, prefix: string): Record<string, unknown>[] {
  return readObjects(parent, 'fields').flatMap((field) => {
    const name = prefix + (readText(field, ['name']) ?? '')
    const own = {
      name,
      type: readText(field, ['type']) ?? null,
      tags: [],
      description: readText(field, ['description']) ?? null,
    }
    return [own, ...collect(field, `${name}.`)]
  })
}
