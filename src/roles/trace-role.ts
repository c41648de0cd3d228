import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import type { Logger } from '../logger.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { traceNoRequests, type RequestTracer } from '../receive/request-trace.ts'
import { readVersion } from './version.ts'

type TraceConfig = Pick<
  Config,
  'otlpEndpoint' | 'otlpTracesEndpoint' | 'otelServiceName' | 'otelDisabled' | 'mergeEventsMax'
>

const tracesPath = '/v1/traces'

/** Follows requests where traces are configured. OpenTelemetry is loaded only then. */
export async function startRequestTracer(
  config: TraceConfig,
  log: Logger,
): Promise<{ tracer: RequestTracer; close: () => Promise<void> }> {
  const tracing = await startTracing(config, { role: 'receiver', log })
  if (tracing === undefined) return { tracer: traceNoRequests, close: async () => {} }
  const { createRequestTracer } = await import('../tracing/trace-requests.ts')
  return { tracer: createRequestTracer(tracing), close: () => tracing.close() }
}

type Merge = (events: QueuedEvent[], into?: Graph) => Promise<void>

/** Follows merges likewise. */
export async function startMergeTracer(
  config: TraceConfig,
  { graph, merge, log }: { graph: Graph; merge: Merge; log: Logger },
): Promise<{ merge: (events: QueuedEvent[]) => Promise<void>; close: () => Promise<void> }> {
  const tracing = await startTracing(config, { role: 'worker', log })
  if (tracing === undefined) return { merge, close: async () => {} }
  const { traceMerges } = await import('../tracing/trace-merges.ts')
  return { merge: traceMerges(tracing, { graph, merge }), close: () => tracing.close() }
}

async function startTracing(config: TraceConfig, { role, log }: { role: string; log: Logger }) {
  const url = toTracesUrl(config)
  if (url === undefined) return undefined
  const tracing = await import('../tracing/tracing.ts')
  const serviceName = config.otelServiceName || `headwater-${role}`
  log.info({ url: new URL(url).origin, serviceName }, 'traces started')
  return tracing.startTracing({
    url,
    serviceName,
    version: readVersion(),
    linksMax: config.mergeEventsMax,
    log,
  })
}

/** As OpenTelemetry has it: the endpoint of traces is whole, the common one lacks their path. */
function toTracesUrl({ otelDisabled, otlpEndpoint, otlpTracesEndpoint }: TraceConfig): string | undefined {
  if (otelDisabled) return undefined
  if (otlpTracesEndpoint !== '') return otlpTracesEndpoint
  return otlpEndpoint === '' ? undefined : otlpEndpoint.replace(/\/*$/, tracesPath)
}
