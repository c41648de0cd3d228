import { setTimeout as pause } from 'node:timers/promises'
import type { Graph } from '../../src/graph/connection.ts'
import { connectGraph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { silent } from '../support/graph.ts'
import { idOf } from '../support/send-texts.ts'
import type { ChaosStack } from './chaos-stack.ts'

const batchEvents = 200
const mergedMsMax = 600_000
const lookEveryMs = 500

export function connectGraphOf({ neo4j }: Pick<ChaosStack, 'neo4j'>): Graph {
  const { port, user, password } = neo4j
  return connectGraph({ uri: `bolt://127.0.0.1:${port}`, user, password, database: 'neo4j' }, silent)
}

const findEvents = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  RETURN DISTINCT e.id AS id
`

/** Waits until the events are in the graph; gives those that are not within the time. */
export async function waitForEvents(
  graph: Graph,
  ids: readonly string[],
  { withinMs }: { withinMs: number },
): Promise<string[]> {
  const endAt = performance.now() + withinMs
  let missing = [...ids]
  for (;;) {
    missing = await findMissing(graph, missing)
    if (missing.length === 0 || performance.now() > endAt) return missing
    await pause(lookEveryMs)
  }
}

/** Those of the events that are not in the graph; all of them while it does not answer. */
async function findMissing(graph: Graph, ids: readonly string[]): Promise<string[]> {
  const rows = await graph.inRead((tx) => tx.run(findEvents, { ids })).catch(() => [])
  const found = new Set(rows.map((row) => row['id']))
  return ids.filter((id) => !found.has(id))
}

/** Empties the graph, and sends the events once more through the same receiver and workers, started anew, while nobody harms them. */
export async function mergeCalmly(stack: ChaosStack, texts: readonly string[]): Promise<void> {
  const roles = [...stack.processes].filter(([name]) => name !== 'redis' && name !== 'neo4j')
  const graph = connectGraphOf(stack)
  try {
    // What workers remember of the graph would be of the one before.
    await Promise.all(roles.map(async ([, role]) => await role.stop()))
    await wipeGraph(graph)
    await Promise.all(roles.map(async ([, role]) => await role.start()))
    for (let from = 0; from < texts.length; from += batchEvents) {
      await postBatch(stack.url, texts.slice(from, from + batchEvents))
    }
    const missing = await waitForEvents(graph, texts.map(idOf), { withinMs: mergedMsMax })
    if (missing.length > 0) throw new Error(`${missing.length} events of the calm run are not in the graph`)
  } finally {
    await graph.close()
  }
}

async function postBatch(url: string, texts: readonly string[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/lineage/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `[${texts.join(',')}]`,
  })
  const body = (await response.json()) as { summary?: { failed?: number } }
  if (response.status !== 200 || body.summary?.failed !== 0) {
    throw new Error(`a calm batch was answered ${response.status} ${JSON.stringify(body).slice(0, 300)}`)
  }
}
