import { createServer } from 'node:http'
import { once } from 'node:events'

/** A span as it came over the wire, with what it came with. */
export interface ReceivedSpan {
  service: string
  name: string
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  start: bigint
  end: bigint
  attributes: Record<string, unknown>
  links: { traceId: string; spanId: string }[]
  isError: boolean
}

export interface OtlpReceiver {
  url: string
  spans: ReceivedSpan[]
  /** All that was posted, as it came. */
  bodies: string[]
  /** The paths that it was posted to. */
  paths: Set<string>
  close(): Promise<void>
}

interface Keyed {
  key: string
  value: Record<string, unknown>
}

interface PostedSpan {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes?: Keyed[]
  links?: { traceId: string; spanId: string }[]
  status?: { code?: number }
}

interface Posted {
  resourceSpans: {
    resource: { attributes: Keyed[] }
    scopeSpans: { spans: PostedSpan[] }[]
  }[]
}

/** Takes OTLP over HTTP, in JSON, as a collector of OpenTelemetry does. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const bodies: string[] = []
  const paths = new Set<string>()
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      bodies.push(text)
      paths.add(`${request.method} ${request.url}`)
      spans.push(...toSpans(JSON.parse(text) as Posted))
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    bodies,
    paths,
    async close() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function toSpans({ resourceSpans }: Posted): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(toRecord(resource.attributes)['service.name'])
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(service, span)))
  })
}

function toSpan(service: string, span: PostedSpan): ReceivedSpan {
  return {
    service,
    name: span.name,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    attributes: toRecord(span.attributes ?? []),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    isError: span.status?.code === 2,
  }
}

function toRecord(attributes: readonly Keyed[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
