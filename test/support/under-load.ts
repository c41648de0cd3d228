import { cypher } from '../../src/graph/cypher.ts'
import { aRunEvent } from './events.ts'
import { eventually } from './eventually.ts'
import { connectTestGraph } from './graph.ts'

const pauseMs = 100
const answerMsMax = 10_000
const senders = 8

/** A START and a COMPLETE of each of so many runs, each with an input and an output. */
export function toRunTexts(namespace: string, runs: number): string[] {
  return Array.from({ length: runs }, (_, index) => index).flatMap((index) => {
    const run = { runId: crypto.randomUUID() }
    const job = { namespace, name: `job_${index % 20}` }
    const inputs = [{ namespace, name: `in_${index % 7}` }]
    const outputs = [{ namespace, name: `out_${index % 20}` }]
    return (['START', 'COMPLETE'] as const).map((eventType, minute) =>
      JSON.stringify(
        aRunEvent({ eventType, eventTime: `2026-11-22T10:0${minute}:00Z`, run, job, inputs, outputs }),
      ),
    )
  })
}

/** Sends each text until it is accepted, as the OpenLineage clients do for as long as they retry; gives the ids of the answers. */
export async function sendAll(
  texts: readonly string[],
  { urls, onAccepted }: { urls: readonly string[]; onAccepted: (accepted: number) => void },
): Promise<{ ids: Set<string>; refusals: Record<number, number> }> {
  const ids = new Set<string>()
  const refusals: Record<number, number> = {}
  let next = 0
  const send = async (text: string) => {
    for (let attempt = next; ; attempt += 1) {
      const { status, id } = await sendOnce(text, urls[attempt % urls.length] ?? '')
      if (id !== undefined) return id
      refusals[status] = (refusals[status] ?? 0) + 1
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const sendSome = async () => {
    for (let text = texts[next++]; text !== undefined; text = texts[next++]) {
      ids.add(await send(text))
      onAccepted(ids.size)
    }
  }
  await Promise.all(Array.from({ length: senders }, sendSome))
  return { ids, refusals }
}

async function sendOnce(text: string, url: string): Promise<{ status: number; id?: string | undefined }> {
  const response = await fetch(`${url}/api/v1/lineage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
    signal: AbortSignal.timeout(answerMsMax),
  })
  const { id } = (await response.json()) as { id?: string }
  return response.status === 201 ? { status: 201, id } : { status: response.status }
}

/** Kills at even distances, but never before what was killed is back. */
export function createKiller({
  kills,
  events,
  kill,
}: {
  kills: number
  events: number
  kill: () => Promise<void>
}) {
  let killed = 0
  let latest: Promise<void> | undefined
  let isBusy = false
  return {
    onAccepted(accepted: number) {
      if (isBusy || killed === kills || accepted < ((killed + 1) * events) / (kills + 2)) return
      isBusy = true
      killed += 1
      latest = kill().finally(() => (isBusy = false))
    },
    done: async () => await latest,
    killed: () => killed,
  }
}

const countMerged = cypher`
  OPTIONAL MATCH (e:Event) WHERE e.id IN $ids
  WITH count(e) AS events, count(DISTINCT e.id) AS ids
  OPTIONAL MATCH (r:Run {jobNamespace: $namespace, state: 'COMPLETE'})-[:PRODUCED]->(v:DatasetVersion)
  RETURN events, ids, count(DISTINCT r) AS runs, count(v) AS versions
`

/** What the graph has of these events, once it has all of them, or the time is over. */
export async function awaitMerged(
  ids: ReadonlySet<string>,
  { namespace, withinMs }: { namespace: string; withinMs: number },
): Promise<unknown> {
  const graph = connectTestGraph()
  let merged: unknown
  const count = async () => {
    const [row] = await graph.inRead((tx) => tx.run(countMerged, { ids: [...ids], namespace }))
    merged = row
    return Number(row?.['ids']) >= ids.size
  }
  await eventually(count, { withinMs }).catch(() => undefined)
  await graph.close()
  return merged
}
