import { randomUUID } from 'node:crypto'
import { diag, DiagLogLevel, type Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type TracerConfig,
} from '@opentelemetry/sdk-trace-base'
import type { Logger } from '../logger.ts'
import { isWithin } from '../queue/is-within.ts'

export interface TracingOptions {
  /** The whole URL that spans are posted to. */
  url: string
  serviceName: string
  version: string
  /** Most events of a batch, each of which is linked to it. */
  linksMax: number
  log: Pick<Logger, 'warn'>
}

/** Spans on their way to whoever keeps traces. What that cannot take is dropped: an event never waits for its trace. */
export interface Tracing {
  /** As the sampler of the environment says, by default whatever the producer says. */
  tracer: Tracer
  /** For what stands beside the traces of events, and is to be seen wherever one of them is. */
  besideTracer: Tracer
  /** Sends what is left. */
  close(): Promise<void>
}

/** Longest wait for the last spans to be taken. */
const closeMsMax = 5000
/** How often the log says that spans are not taken, and how much of why. */
const troubleEveryMs = 60_000
const troubleCharsMax = 300

/** Starts to send spans; the SDK reads its further settings, such as OTEL_TRACES_SAMPLER, from the environment itself. */
export function startTracing({ url, serviceName, version, linksMax, log }: TracingOptions): Tracing {
  sayTrouble(log)
  const resource = resourceFromAttributes({
    'service.name': serviceName,
    'service.version': version,
    'service.instance.id': randomUUID(),
  }).merge(detectResources({ detectors: [envDetector] }))
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url }))
  const common: TracerConfig = { resource, spanProcessors: [processor] }
  const provider = new BasicTracerProvider(common)
  const besideProvider = new BasicTracerProvider({
    ...common,
    sampler: new AlwaysOnSampler(),
    spanLimits: { linkCountLimit: linksMax },
  })
  return {
    tracer: provider.getTracer('headwater', version),
    besideTracer: besideProvider.getTracer('headwater', version),
    close: async () => {
      await isWithin(
        provider.shutdown().catch(() => undefined),
        closeMsMax,
      )
    },
  }
}

const silent = () => undefined

/** What the SDK has to say goes into our log, now and then. */
function sayTrouble(log: Pick<Logger, 'warn'>): void {
  let saidAt = -Infinity
  const say = (message: string) => {
    if (performance.now() - saidAt < troubleEveryMs) return
    saidAt = performance.now()
    log.warn({ reason: message.slice(0, troubleCharsMax) }, 'traces met trouble')
  }
  diag.setLogger(
    { error: say, warn: say, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}
