import { setTimeout as pause } from 'node:timers/promises'
import { codeOf, messageOf } from './error-code.ts'
import { readAnswer, type Answer, type Refusal } from './collector-answers.ts'

export interface CollectorDoor {
  /** Of the collector, such as `http://127.0.0.1:5000`, or of its endpoint. */
  url: string
  apiKey: string | undefined
  signal: AbortSignal
  /** Hears why nothing goes on, once for each outage. */
  onOutage: (reason: string) => void
  /** Longest outage. */
  outageMsMax?: number
}

export interface EventSender {
  /**
   * Sends the texts of events, for as long as it takes; those that will never be taken come back.
   * @throws {CollectorClosed} where the collector takes nothing from us, or is away for too long
   */
  send(texts: readonly string[]): Promise<Refusal[]>
}

/** The collector takes nothing, now and in the next minutes. */
export class CollectorClosed extends Error {
  override readonly name = 'CollectorClosed'
}

const requestMsMax = 60_000
/** Requests of one event that are under way together. */
const singlesAtOnce = 8
const defaultOutageMsMax = 15 * 60_000
const pauseMs = { first: 250, max: 30_000 }
const lineagePath = '/api/v1/lineage'

/** Sends events to a collector, many in a request where it has the standard's batch endpoint, else one by one. */
export function createEventSender(door: CollectorDoor): EventSender {
  const single = toEndpoint(door.url)
  const knows = { batch: true }

  async function send(texts: readonly string[]): Promise<Refusal[]> {
    const isTogether = knows.batch && texts.length > 1 && texts.every(isBare)
    return isTogether ? await sendTogether(texts) : await sendEach(texts)
  }

  async function sendEach(texts: readonly string[]): Promise<Refusal[]> {
    const refusals: Refusal[] = []
    const line = texts.entries()
    const sendNext = async () => {
      for (const [index, text] of line) {
        const answer = await post(door, single, text)
        if (answer.kind === 'absent') throw new CollectorClosed(`No collector at ${single}: ${answer.reason}`)
        if (answer.kind !== 'taken') refusals.push({ index, reason: answer.reason })
      }
    }
    await Promise.all(Array.from({ length: singlesAtOnce }, sendNext))
    return refusals
  }

  async function sendTogether(texts: readonly string[]): Promise<Refusal[]> {
    const answer = await post(door, `${single}/batch`, `[${texts.join(',')}]`)
    if (answer.kind === 'taken') {
      const again = answer.again.flatMap((index) => texts[index] ?? [])
      // Of the few that could not be taken at that moment each is tried until it is settled.
      const later = await sendEach(again)
      return [...answer.refused, ...later.map((one) => toOuter(one, answer.again))]
    }
    if (answer.kind === 'too-large') {
      const middle = Math.ceil(texts.length / 2)
      const first = await send(texts.slice(0, middle))
      const second = await send(texts.slice(middle))
      return [...first, ...second.map(({ index, reason }) => ({ index: index + middle, reason }))]
    }
    if (answer.kind === 'absent') knows.batch = false
    return await sendEach(texts)
  }

  return { send }
}

function toOuter({ index, reason }: Refusal, indexes: readonly number[]): Refusal {
  return { index: indexes[index] ?? index, reason }
}

/** In a batch an event is its own slice: white space around it would be lost, and with it the id. */
function isBare(text: string): boolean {
  return text.startsWith('{') && text.endsWith('}')
}

function toEndpoint(url: string): string {
  const base = url.replace(/\/+$/, '')
  return base.endsWith(lineagePath) ? base : `${base}${lineagePath}`
}

type Settled = Exclude<Answer, { kind: 'later' | 'closed' }>

/** Posts until there is an answer to stand by. */
async function post(door: CollectorDoor, url: string, body: string): Promise<Settled> {
  const { signal, onOutage, outageMsMax = defaultOutageMsMax } = door
  const startedAt = Date.now()
  for (let wait = pauseMs.first; ; wait = Math.min(wait * 2, pauseMs.max)) {
    const answer = await postOnce(door, url, body)
    if (answer.kind === 'closed') throw new CollectorClosed(`${url} takes nothing from us: ${answer.reason}`)
    if (answer.kind !== 'later') return answer
    if (Date.now() - startedAt > outageMsMax)
      throw new CollectorClosed(`${url} is away for too long: ${answer.reason}`)
    if (wait === pauseMs.first) onOutage(answer.reason)
    const ms = Math.min(answer.afterMs ?? wait, pauseMs.max) * (0.75 + Math.random() / 2)
    await pause(ms, undefined, { signal })
  }
}

async function postOnce({ apiKey, signal }: CollectorDoor, url: string, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMsMax)]),
    })
    return await readAnswer(response)
  } catch (error) {
    signal.throwIfAborted()
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return { kind: 'later', reason: codeOf(cause) || messageOf(cause), afterMs: undefined }
  }
}
