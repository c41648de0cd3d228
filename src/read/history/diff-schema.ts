import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, fromDateTime, toDateTime } from '../../graph/values.ts'
import { Problem } from '../../http/problem.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toPointInTime } from '../../openlineage/point-in-time.ts'
import { toColumnChanges, toColumnList, toColumns } from '../entities/column-changes.ts'
import { readFieldsOf } from './change-facts.ts'
import { findVersion } from './find-version.ts'

const readSchemaAt = cypher`
  MATCH (v:DatasetVersion)
  WHERE v.namespace = $namespace AND v.dataset = $name AND v.writtenAt <= $at
  WITH v WHERE v.schema IS NOT NULL
  RETURN v.schema AS schema, v.version AS version, v.writtenAt AS writtenAt
  ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC, v.key DESC LIMIT 1
`

interface Side {
  asked: string
  schema: string | undefined
  at: string | undefined
}

/**
 * What became of a dataset's columns from one version, or time, to another.
 * @param from a version as its producer names it (the run's id where it names none), or a time: the schema last written by then
 * @throws {Problem} `request-invalid` for what is neither a version nor a time
 */
export async function diffSchema(
  tx: GraphTransaction,
  { dataset, from, to }: { dataset: EntityName; from: string; to: string | undefined },
): Promise<Record<string, unknown>> {
  const before = await findSide(tx, dataset, { name: 'from', asked: from })
  const after = await findSide(tx, dataset, { name: 'to', asked: to ?? '0m' })
  const keys = [before, after].flatMap(({ schema }) => schema ?? [])
  const fields = await readFieldsOf(tx, [...new Set(keys)])
  const fieldsOf = ({ schema }: Side) => (schema === undefined ? undefined : fields.get(schema))
  const show = (side: Side) => ({
    ...(side.schema !== undefined && { schema: side.schema, writtenAt: side.at }),
    columns: toColumnList(fieldsOf(side)),
  })
  return {
    from: show(before),
    to: show(after),
    ...toColumnChanges({ from: toColumns(fieldsOf(before)), to: toColumns(fieldsOf(after)) }),
  }
}

async function findSide(
  tx: GraphTransaction,
  dataset: EntityName,
  { name, asked }: { name: string; asked: string },
): Promise<Side> {
  const version = await findVersion(tx, { dataset, choice: { version: asked, runId: undefined } })
  if (version !== undefined) return { asked, schema: version.schema, at: version.at }
  const at = toPointInTime(asked, Date.now())
  if (at === undefined) {
    const detail = `${name} must be a version of the dataset, or a time such as 2026-11-22T10:30:00Z, 2026-11-22 or 24h.`
    throw new Problem('request-invalid', { detail })
  }
  const [row] = await tx.run(readSchemaAt, { ...dataset, at: toDateTime(at) })
  return { asked, schema: asText(row?.['schema']), at: fromDateTime(row?.['writtenAt']) }
}
