import { SpanKind, SpanStatusCode, type Attributes, type Span } from '@opentelemetry/api'
import type { Graph } from '../graph/connection.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { toContext, toParentContext } from './span-context.ts'
import type { Tracing } from './tracing.ts'

/** Merges events, all or none, into the graph that is given. */
export type MergeInto = (events: QueuedEvent[], graph: Graph) => Promise<void>

/**
 * Follows each event that came with a trace by a span that ends when the graph has it, and the batch that it is merged in by a span
 * of its own: the two are linked both ways. A try that fails leaves spans too.
 */
export function traceMerges(
  tracing: Pick<Tracing, 'tracer' | 'besideTracer'>,
  { graph, merge }: { graph: Graph; merge: MergeInto },
): (events: QueuedEvent[]) => Promise<void> {
  return async (events) => {
    const spans = startEventSpans(tracing, events)
    const isFollowed = spans.some((span) => span.isRecording())
    if (!isFollowed) {
      await merge(events, graph)
      return
    }
    const batch = startBatchSpan(tracing, { events, spans })
    try {
      await merge(events, followTransaction(graph, { tracing, batch }))
    } catch (error) {
      for (const span of [...spans, batch]) span.setStatus({ code: SpanStatusCode.ERROR })
      batch.setAttribute('error.type', toErrorType(error))
      throw error
    } finally {
      for (const span of [...spans, batch]) span.end()
    }
  }
}

function startEventSpans({ tracer }: Pick<Tracing, 'tracer'>, events: readonly QueuedEvent[]): Span[] {
  return events.flatMap((event) => {
    if (event.trace === undefined) return []
    const options = { kind: SpanKind.CONSUMER, attributes: toAttributes(event) }
    return [tracer.startSpan('merge event', options, toParentContext(event.trace.traceparent))]
  })
}

function toAttributes({ id, bytes, requestId, label, trace }: QueuedEvent): Attributes {
  return {
    'headwater.event.id': id,
    'headwater.event.bytes': bytes,
    'headwater.request.id': requestId,
    ...(label?.eventType !== undefined && { 'openlineage.event.type': label.eventType }),
    ...(trace?.runId !== undefined && { 'openlineage.run.id': trace.runId }),
  }
}

function startBatchSpan(
  { besideTracer }: Pick<Tracing, 'besideTracer'>,
  { events, spans }: { events: readonly QueuedEvent[]; spans: readonly Span[] },
): Span {
  const batch = besideTracer.startSpan('merge batch', {
    root: true,
    attributes: {
      'headwater.batch.events': events.length,
      'headwater.batch.bytes': events.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    links: spans.filter((span) => span.isRecording()).map((span) => ({ context: span.spanContext() })),
  })
  for (const span of spans) span.addLink({ context: batch.spanContext() })
  return batch
}

/** The same graph, whose transaction is followed: what was done before it, its statements, and its commit. */
function followTransaction(
  graph: Graph,
  { tracing: { besideTracer }, batch }: { tracing: Pick<Tracing, 'besideTracer'>; batch: Span },
): Graph {
  const startStep = (name: string) => besideTracer.startSpan(name, {}, toContext(batch))
  let step = startStep('project')
  const goOn = (name: string) => {
    step.end()
    step = startStep(name)
  }
  return {
    ...graph,
    async inWrite(work) {
      goOn('write')
      try {
        return await graph.inWrite(async (transaction) => {
          const result = await work(transaction)
          goOn('commit')
          return result
        })
      } finally {
        step.end()
      }
    },
  }
}

/** Neo4j's code, or the error's class; never its message, which can have content of events in it. */
function toErrorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.constructor.name
}
