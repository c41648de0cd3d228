import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import type { Edge } from './fold.ts'

const findTopsStatement = cypher`
  UNWIND $ids AS id
  MATCH (j:Job) WHERE elementId(j) = id
  MATCH (j)-[:CHILD_OF*0..10]->(top:Job)
  WHERE NOT EXISTS { (top)-[:CHILD_OF]->() } AND ($visible IS NULL OR top.namespace IN $visible)
  RETURN DISTINCT id AS job, elementId(top) AS top
`

/** The jobs at the top of each job: the DAG of a task, the application of an action; a job without parents is its own. */
export async function findTops(
  tx: GraphTransaction,
  { jobs, reader }: { jobs: readonly string[]; reader: Reader },
): Promise<Map<string, string[]>> {
  const rows = await tx.run(findTopsStatement, { ids: jobs, visible: reader.namespaces ?? null })
  const tops = new Map<string, string[]>()
  for (const row of rows) {
    const [job, top] = [asText(row['job']) ?? '', asText(row['top']) ?? '']
    tops.set(job, [...(tops.get(job) ?? []), top])
  }
  return tops
}

/** Edges between what their ends are rolled up to, one for each two and kind; what stays within one is left out. */
export function rollUp(edges: readonly Edge[], topsOf: (job: string) => readonly string[]): Edge[] {
  const rolled = new Map<string, Edge>()
  for (const edge of edges) {
    for (const from of topsOf(edge.from)) {
      for (const to of topsOf(edge.to)) {
        if (from === to) continue
        const key = JSON.stringify([from, to, edge.kind])
        rolled.set(key, unite(rolled.get(key), { ...edge, from, to }))
      }
    }
  }
  return [...rolled.values()]
}

function unite(present: Edge | undefined, { from, to, kind, current, via = [] }: Edge): Edge {
  return {
    from,
    to,
    kind,
    current: present?.current === true || current !== false,
    via: [...new Set([...(present?.via ?? []), ...via])],
  }
}
