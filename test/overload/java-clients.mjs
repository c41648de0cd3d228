import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const defaultRetrySeconds = 1

/**
 * Sends as OpenLineage's Java client does with the settings it comes with: after a 429 or 503 it waits as long as Retry-After says, or a
 * second, and tries once more; then the event is given up, with an exception. Each client sends one event after the other.
 */
export async function sendAsJava({ url, namespace, clients, signal, pauseMs }) {
  const sent = []
  const sendAll = async (number) => {
    while (!signal.aborted) {
      const runId = randomUUID()
      sent.push({ runId, ...(await sendOne(url, toText({ runId, namespace, number }))) })
      await sleep(pauseMs)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => sendAll(number)))
  return sent
}

async function sendOne(url, body) {
  const first = await post(url, body)
  if (first.status !== 429 && first.status !== 503) return { error: toError(first), tries: 1 }
  const seconds = Number(first.headers.get('retry-after') ?? defaultRetrySeconds)
  await sleep(seconds * 1000)
  return { error: toError(await post(url, body)), tries: 2, retrySeconds: seconds }
}

async function post(url, body) {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(`${url}/api/v1/lineage`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response
}

function toError({ status }) {
  return status < 400 ? null : String(status)
}

function toText({ runId, namespace, number }) {
  return JSON.stringify({
    eventTime: new Date().toISOString(),
    eventType: 'START',
    producer: 'https://example.com/as-java',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId },
    job: { namespace, name: `client-${number}` },
  })
}
