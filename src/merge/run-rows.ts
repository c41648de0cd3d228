import type { GraphTransaction, Row } from '../graph/connection.ts'
import type { Statement } from '../graph/cypher.ts'

/** Runs a statement over rows, and not at all where there are none. */
export async function runRows(
  tx: GraphTransaction,
  statement: Statement,
  rows: readonly unknown[],
): Promise<Row[]> {
  return rows.length === 0 ? [] : tx.run(statement, { rows })
}
