import { request as httpRequest, type Agent, type IncomingHttpHeaders } from 'node:http'
import { pino, type Logger } from 'pino'
import { createApp } from '../../../src/app.ts'
import { defaultLimits, startServer, type ServerLimits } from '../../../src/http/server.ts'
import { createReceiverMetrics } from '../../../src/metrics/receiver-metrics.ts'
import { createRegistry } from '../../../src/metrics/registry.ts'
import type { QueueDepth } from '../../../src/queue/queue-depth.ts'
import type { QueuedEvent } from '../../../src/queue/queued-event.ts'
import { createApiKeys } from '../../../src/http/api-keys.ts'
import type { ReceiveBatchParts } from '../../../src/receive/batch-routes.ts'
import type { ReceiveParts } from '../../../src/receive/lineage-routes.ts'
import { traceNoRequests } from '../../../src/receive/request-trace.ts'
import type { Graph } from '../../../src/graph/connection.ts'
import type { DeadLetters } from '../../../src/queue/dead-letters.ts'
import { redactNothing } from '../../../src/redact/redactor.ts'
import { createPlaceFinder } from '../../../src/validate/standard-place.ts'
import { someDeadLetters } from '../../support/some-dead-letters.ts'
import type { Verdict } from '../../../src/validate/validate-event.ts'

export const anEventText = JSON.stringify({
  eventTime: '2026-01-01T00:00:00Z',
  producer: 'https://example.com/producer',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent',
  job: { namespace: 'warehouse', name: 'load_orders' },
})

/** Takes whatever is an object: what events must look like is tested with the validator itself. */
export const acceptAll = (): Verdict & { ok: true } => ({
  ok: true,
  event: {
    eventTime: '2026-01-01T00:00:00Z',
    producer: 'https://example.com/producer',
    schemaURL: 'https://example.com/schema',
    job: { namespace: 'warehouse', name: 'load_orders' },
  },
  warnings: [],
  warningKinds: [],
  brokenFacets: [],
})

export interface TestReceiver {
  port: number
  /** What the queue was given, in order. */
  queued: QueuedEvent[]
  /** What was logged, as JSON lines. */
  logged: string[]
  close(): Promise<void>
}

export interface TestReceiverParts extends Partial<
  Pick<
    ReceiveParts & ReceiveBatchParts,
    'validate' | 'redact' | 'bodyBytesMax' | 'answerMsMax' | 'batchEventsMax' | 'batchAnswerMsMax'
  >
> {
  keys?: readonly string[]
  add?: (event: QueuedEvent) => Promise<void>
  addMany?: ReceiveBatchParts['queue']['addMany']
  deadLetters?: DeadLetters
  graph?: Graph
  isReady?: () => Promise<boolean>
  depth?: () => Promise<QueueDepth>
  countDeadLetters?: () => Promise<number>
  logLevel?: string
  limits?: ServerLimits
}

const emptyDepth: QueueDepth = { events: 0, jobs: 0, bytes: 0, redisBytesMax: 0, lanes: [] }

export async function startReceiver(parts: TestReceiverParts = {}): Promise<TestReceiver> {
  const queued: QueuedEvent[] = []
  const logged: string[] = []
  const log = createTestLog(logged, parts.logLevel ?? 'info')
  const add = parts.add ?? (() => Promise.resolve())
  const addMany = parts.addMany ?? ((events) => Promise.resolve(events.map(() => undefined)))
  const keys = createApiKeys({ keys: parts.keys ?? [], file: '', log })
  const dependencies = { redis: parts.isReady ?? (() => Promise.resolve(true)) }
  const metrics = createReceiverMetrics(createRegistry({ version: '1.2.3' }), {
    queue: {
      depth: parts.depth ?? (() => Promise.resolve(emptyDepth)),
      countDeadLetters: parts.countDeadLetters ?? (() => Promise.resolve(0)),
      eventsMax: 100,
      bytesMax: 1000,
    },
    dependencies,
  })
  const app = createApp({
    access: keys,
    receive: {
      validate: parts.validate ?? acceptAll,
      redact: parts.redact ?? redactNothing,
      queue: {
        add: (event) => {
          queued.push(event)
          return add(event)
        },
        addMany: (events, signal) => {
          queued.push(...events)
          return addMany(events, signal)
        },
      },
      bodyBytesMax: parts.bodyBytesMax ?? 1024 * 1024,
      answerMsMax: parts.answerMsMax ?? 2000,
      batchEventsMax: parts.batchEventsMax ?? 10_000,
      batchAnswerMsMax: parts.batchAnswerMsMax ?? 10_000,
      notes: metrics.notes,
      tracer: traceNoRequests,
    },
    putChange: undefined,
    graph: parts.graph,
    cypherLimits: { msMax: 1000, rowsMax: 1000, bytesMax: 1024 * 1024, queriesMax: 2 },
    letters: { deadLetters: parts.deadLetters ?? someDeadLetters(), findPlace: createPlaceFinder() },
    dependencies,
    metrics,
    log,
  })
  const limits = parts.limits ?? defaultLimits
  const server = await startServer({ app, host: '127.0.0.1', port: 0, log, limits, closeMsMax: 200 })
  return { port: server.port, queued, logged, close: () => server.close() }
}

export function createTestLog(logged: string[], level = 'info'): Logger {
  return pino(
    { level },
    {
      write: (line: string) => {
        logged.push(line)
      },
    },
  )
}

export interface AnswerJson {
  id?: string
  warnings?: { pointer: string; detail: string }[]
  moreWarnings?: number
  type?: string
  status?: number | string
  detail?: string
  instance?: string
  errors?: { pointer: string; detail: string }[]
  moreErrors?: number
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The body as JSON; empty where it is none. */
  json: AnswerJson
  ms: number
}

export interface Sending {
  port: number
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** Sent one by one, chunked, without a Content-Length. */
  chunks?: readonly Buffer[]
  agent?: Agent
}

/** One request on a connection of its own, unless an agent is given. */
export function send(sending: Sending): Promise<Answer> {
  const { port, method = 'POST', path = '/api/v1/lineage', headers = {}, body, chunks, agent } = sending
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: agent ?? false,
      headers: {
        ...(chunks === undefined && body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
        ...headers,
      },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (chunk: Buffer) => parts.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const ms = performance.now() - startedAt
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: toJson(text), ms })
      })
    })
    if (chunks === undefined) {
      request.end(body)
      return
    }
    for (const chunk of chunks) request.write(chunk)
    request.end()
  })
}

export function sendEvent(
  port: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return send({ port, body, headers: { 'Content-Type': 'application/json', ...headers } })
}

function toJson(text: string): AnswerJson {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
