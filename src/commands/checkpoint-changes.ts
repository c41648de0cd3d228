import type { Graph } from '../graph/connection.ts'
import type { LoggedChange } from '../log/logged-event.ts'
import { mergeFacts } from '../merge/merge-facts.ts'
import { instantOf } from '../openlineage/time.ts'
import { listRecords, mergeRecords, putRecords } from '../retention/checkpoint.ts'

/** A record of the checkpoint on its way from one graph to another. */
const CHECKPOINT = 'CHECKPOINT'

/** In a backup a record of the checkpoint travels as a change, so that whoever takes these takes it too. */
export async function* checkpointChanges(graph: Graph): AsyncGenerator<LoggedChange[], void> {
  const at = instantOf(Date.now())
  for await (const page of listRecords(graph)) {
    yield page.map(({ key, payload }) => ({
      id: key,
      at,
      kind: CHECKPOINT,
      payload: payload.toString('base64'),
      by: undefined,
    }))
  }
}

export function isOfCheckpoint({ kind }: LoggedChange): boolean {
  return kind === CHECKPOINT
}

/** Puts such records into a graph, and makes there what they say. */
export async function takeCheckpoint(
  graph: Graph,
  { changes, signal }: { changes: readonly LoggedChange[]; signal: AbortSignal },
): Promise<void> {
  if (changes.length === 0) return
  const records = changes.map(({ id, payload }) => ({ key: id, payload: Buffer.from(payload, 'base64') }))
  signal.throwIfAborted()
  await putRecords(graph, records)
  await mergeRecords(records, async (facts) => await mergeFacts(graph, facts))
}
