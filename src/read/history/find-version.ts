import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { fromDateTime } from '../../graph/values.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'

/** Versions that are looked through for a name. */
const lookedAtMax = 50_000

const findByName = cypher`
  MATCH (v:DatasetVersion)
  WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt IS NOT NULL
  WITH v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT toInteger($looked)
  WITH v WHERE v.version = $version
  RETURN v.key AS key, v.writtenAt AS writtenAt, v.schema AS schema LIMIT 1
`

const findByRun = cypher`
  MATCH (:Run {runId: $runId})-[:PRODUCED]->(v:DatasetVersion)
  WHERE v.namespace = $namespace AND v.dataset = $name
  RETURN v.key AS key, v.writtenAt AS writtenAt, v.schema AS schema LIMIT 1
`

export interface FoundVersion {
  /** Its key. */
  version: string
  at: Instant
  schema: string | undefined
}

/** The version of a dataset that a run made, or the newest that has a name; undefined where there is none, or neither is asked for. */
export async function findVersion(
  tx: GraphTransaction,
  {
    dataset,
    choice: { version, runId },
  }: { dataset: EntityName; choice: { version: string | undefined; runId: string | undefined } },
): Promise<FoundVersion | undefined> {
  if (version === undefined && runId === undefined) return undefined
  const [row] =
    runId === undefined
      ? await tx.run(findByName, { ...dataset, version, looked: lookedAtMax })
      : await tx.run(findByRun, { ...dataset, runId })
  const at = fromDateTime(row?.['writtenAt'])
  if (row === undefined || at === undefined) return undefined
  const schema = row['schema']
  return { version: String(row['key']), at, schema: typeof schema === 'string' ? schema : undefined }
}
