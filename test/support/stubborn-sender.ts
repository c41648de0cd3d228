import { aRunEvent } from './events.ts'

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
