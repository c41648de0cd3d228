import { wipeGraph } from '../support/graph-dump.ts'
import { idOf } from '../support/send-texts.ts'
import { awaitMerged, connectGraphOf } from './await-merged.ts'
import type { ChaosStack } from './chaos-stack.ts'

const batchEvents = 200
const mergedMsMax = 600_000

/** Empties the graph, and sends the events once more through the same receiver and workers, started anew, while nobody harms them. */
export async function mergeCalmly(stack: ChaosStack, texts: readonly string[]): Promise<void> {
  const roles = [...stack.processes].filter(([name]) => name !== 'redis' && name !== 'neo4j')
  const graph = connectGraphOf(stack)
  // What workers remember of the graph would be of the one before.
  await Promise.all(roles.map(async ([, role]) => await role.stop()))
  try {
    await wipeGraph(graph)
  } finally {
    await graph.close()
  }
  await Promise.all(roles.map(async ([, role]) => await role.start()))
  for (let from = 0; from < texts.length; from += batchEvents) {
    await postBatch(stack.receiverUrl, texts.slice(from, from + batchEvents))
  }
  const missing = await awaitMerged(stack, texts.map(idOf), { withinMs: mergedMsMax })
  if (missing.length > 0) throw new Error(`${missing.length} events of the calm run are not in the graph`)
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
