import { cypher } from '../../graph/cypher.ts'
import type { ForeignTransaction } from '../../graph/read-foreign.ts'
import { Problem } from '../../http/problem.ts'

const findForeignFunctions = cypher`SHOW FUNCTIONS YIELD name, isBuiltIn WHERE NOT isBuiltIn RETURN name`

/**
 * Refuses functions of plug-ins: some run Cypher of their own, or read files.
 * @throws {Problem} `cypher-forbidden`
 */
export async function checkFunctions(tx: ForeignTransaction, text: string): Promise<void> {
  const rows = await tx.run(findForeignFunctions)
  const name = rows.map((row) => String(row['name'])).find((one) => mayCall(text, one))
  if (name === undefined) return
  const detail = `Only what reads the graph may run here: it seems to call the function ${name} of a plug-in.`
  throw new Problem('cypher-forbidden', { detail })
}

/**
 * Whether a query might call a function. It has to write each part of the name, whatever quotes, blanks and comments it puts between
 * them, so a query that lacks one of them does not.
 */
export function mayCall(text: string, functionName: string): boolean {
  const plain = text
    .replaceAll(/\\u+([0-9a-f]{4})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .toLowerCase()
  return functionName
    .toLowerCase()
    .split('.')
    .every((part) => plain.includes(part))
}
