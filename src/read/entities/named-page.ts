import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Statement } from '../../graph/cypher.ts'
import type { Reader } from '../../http/access.ts'
import type { CursorValues } from '../page.ts'

/** How things of one label, named by namespace and name, are read: each walks an index in its order, from a name on. */
export interface NamedStatements {
  /** `$namespace`, names from `$from` to before `$to`, `$rows`. */
  inNamespace: Statement
  /** Namespaces behind `$namespace`, `$rows`. */
  beyond: Statement
  /** By name first: names from `$from` to before `$to`, behind `$name` in `$namespace`, in `$namespaces`, `$rows`. */
  byName: Statement
}

export interface NamedQuestion {
  namespace: string | undefined
  /** What names begin with; `''` for any. */
  prefix: string
  reader: Reader
}

/** Behind every name. */
const end = '\u{10FFFF}'

/**
 * The next things behind a position, `[namespace, name]`: by namespace and name, or by name and namespace where names of any namespace
 * begin with a prefix. No position costs more than another: each begins with a look-up.
 */
export async function readNamed(
  tx: GraphTransaction,
  statements: NamedStatements,
  { question, after, rows }: { question: NamedQuestion; after: CursorValues | undefined; rows: number },
): Promise<Row[]> {
  const { namespace, prefix, reader } = question
  const [afterNamespace = '', afterName = ''] = (after ?? []).map(String)
  const to = prefix + end
  const fromIn = (one: string) => (after !== undefined && one === afterNamespace ? `${afterName}\0` : prefix)
  if (namespace !== undefined && reader.sees(namespace)) {
    const from = fromIn(namespace)
    return await tx.run(statements.inNamespace, { namespace, from, to, rows })
  }
  if (namespace !== undefined) return []
  if (prefix !== '') {
    const from = after === undefined ? prefix : afterName
    const behind = { namespace: afterNamespace, name: afterName, namespaces: reader.namespaces ?? null }
    return await tx.run(statements.byName, { from, to, ...behind, rows })
  }
  const found: Row[] = []
  const candidates = (reader.namespaces ?? [afterNamespace]).filter((one) => one >= afterNamespace).toSorted()
  for (const one of candidates) {
    if (found.length >= rows) break
    const missing = rows - found.length
    // oxlint-disable-next-line no-await-in-loop -- each namespace is asked only where those before had too little
    found.push(
      ...(await tx.run(statements.inNamespace, { namespace: one, from: fromIn(one), to, rows: missing })),
    )
  }
  if (reader.namespaces !== undefined || found.length >= rows) return found
  const missing = rows - found.length
  return [...found, ...(await tx.run(statements.beyond, { namespace: afterNamespace, rows: missing }))]
}
