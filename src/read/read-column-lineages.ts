import type { GraphTransaction } from '../graph/connection.ts'
import type { Statement } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { isJsonObject } from '../openlineage/json-object.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { readExplainedTargets, readStructures } from './producer-statements.ts'

/** Keys that one statement looks up. */
const keysTogether = 1000

/** What a structure says of columns. */
interface ColumnKnowledge {
  /** Outputs with column lineage. */
  outputs: EntityKey[]
  /** Keys of entries of explicit lineage, which may explain columns as well. */
  entries: string[]
}

/** The outputs whose columns are explained, by column lineage or by explicit lineage: for each of these job versions. */
export async function readColumnLineages(
  tx: GraphTransaction,
  jobVersions: readonly string[],
): Promise<Map<string, ReadonlySet<EntityKey>>> {
  const known = new Map<string, ColumnKnowledge>()
  await readEach(tx, readStructures, jobVersions, ({ key, structure }) =>
    known.set(String(key), toKnowledge(structure)),
  )
  const targets = new Map<string, EntityKey>()
  const entries = [...new Set([...known.values()].flatMap((knowledge) => knowledge.entries))]
  await readEach(tx, readExplainedTargets, entries, ({ key, namespace, name }) =>
    targets.set(String(key), toEntityKey({ namespace: String(namespace), name: String(name) })),
  )
  return new Map(
    [...known].map(([version, knowledge]) => [
      version,
      new Set([...knowledge.outputs, ...knowledge.entries.flatMap((entry) => targets.get(entry) ?? [])]),
    ]),
  )
}

async function readEach(
  tx: GraphTransaction,
  statement: Statement,
  keys: readonly string[],
  note: (row: Record<string, unknown>) => void,
): Promise<void> {
  for (let start = 0; start < keys.length; start += keysTogether) {
    const rows = await tx.run(statement, { keys: keys.slice(start, start + keysTogether) })
    rows.forEach(note)
  }
}

function toKnowledge(structure: unknown): ColumnKnowledge {
  const text = asText(structure)
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  const { columnLineage, lineage } = isJsonObject(value) ? value : {}
  const outputs = Array.isArray(columnLineage) ? columnLineage.filter(isJsonObject) : []
  return {
    outputs: outputs.map(({ namespace, name }) =>
      toEntityKey({ namespace: String(namespace), name: String(name) }),
    ),
    entries: Array.isArray(lineage) ? lineage.filter((key) => typeof key === 'string') : [],
  }
}
