import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import type { JobContent } from '../project/job-content.ts'
import { decodeLineage, type LineageContent, type LineageContents } from '../project/structure.ts'
import { runRows } from './run-rows.ts'

const findLineagesStatement = cypher`
  UNWIND $rows AS key
  MATCH (c:ColumnLineage {key: key})
  USING INDEX SEEK c:ColumnLineage(key)
  RETURN c.key AS key, c.content AS content
`

/** The lineages of these keys: out of the batch where it states them, else out of the graph. */
export async function findLineages(
  tx: GraphTransaction,
  keys: Iterable<string>,
  stated: LineageContents,
): Promise<LineageContents> {
  const missing = [...new Set(keys)].filter((key) => !stated.has(key))
  const rows = await runRows(tx, findLineagesStatement, missing)
  const found = rows.map((row): [string, LineageContent] => [
    String(row['key']),
    decodeLineage(String(row['content'])),
  ])
  return new Map([...stated, ...found])
}

/** The keys of the lineages that a job's content names. */
export function lineageKeysOf({ columnLineage, lineage = [] }: JobContent): string[] {
  return [...Object.values(columnLineage), ...lineage]
}
