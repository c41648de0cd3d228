import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'

export interface ClientOptions {
  url: string
  texts: readonly string[]
  senders: number
  /** Pause of a sender between two events. */
  pauseMs: number
}

/** Sends events as real producers do: one after another, again where there was no 201, and some of them twice. */
export interface Client {
  /** By id, the text of everything that was given to the collector, answered or not. */
  sent: ReadonlyMap<string, string>
  /** What was answered with 201. */
  accepted: ReadonlySet<string>
  /** Answers that no client should get, and events that were not accepted in all that time. */
  strange: readonly string[]
  /** Requests without a 201. */
  failures: () => number
  /** Waits until so many more were accepted. */
  moreAccepted(count: number, withinMs: number): Promise<void>
  /** Begins no further event, and waits until those that were begun are accepted. */
  finish(): Promise<void>
}

const answerMsMax = 4000
const againMs = 150
/** A client gives up in the end; the stack has to be well long before. */
const eventMsMax = 300_000
/** One event in so many is sent once more though it was accepted. */
const twiceEvery = 40

export function startClient({ url, texts, senders, pauseMs }: ClientOptions): Client {
  const sent = new Map<string, string>()
  const accepted = new Set<string>()
  const strange: string[] = []
  let next = 0
  let answered = 0
  let failures = 0
  const finishing = new AbortController()

  async function sendUntilAccepted(text: string): Promise<void> {
    const id = createHash('sha256').update(text).digest('hex')
    sent.set(id, text)
    const endAt = performance.now() + eventMsMax
    while (performance.now() < endAt) {
      const status = await post(url, text).catch(() => 0)
      if (status === 201) {
        accepted.add(id)
        answered += 1
        return
      }
      failures += 1
      if (status !== 0 && status !== 503) strange.push(`${id} was answered ${status}`)
      await pause(againMs)
    }
    strange.push(`${id} was not accepted within ${eventMsMax} ms`)
  }

  async function sendAll(): Promise<void> {
    while (!finishing.signal.aborted) {
      // All of them were sent: they begin anew, and nothing may come of it.
      const text = texts[next++ % texts.length] ?? ''
      await sendUntilAccepted(text)
      if (next % twiceEvery === 0) await sendUntilAccepted(text)
      await pause(pauseMs)
    }
  }

  const sending = Promise.all(Array.from({ length: senders }, sendAll))
  return {
    sent,
    accepted,
    strange,
    failures: () => failures,
    async moreAccepted(count, withinMs) {
      const wanted = answered + count
      await eventually(() => answered >= wanted, { withinMs }).catch(() => {
        throw new Error(`no ${count} events were accepted within ${withinMs} ms`)
      })
    },
    async finish() {
      finishing.abort()
      await sending
    },
  }
}

async function post(url: string, text: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/lineage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: text,
    signal: AbortSignal.timeout(answerMsMax),
  })
  await response.arrayBuffer()
  return response.status
}
