import { ROOT_CONTEXT, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'

/** Where a span belongs that continues what W3C's `traceparent` names; a root where it names nothing. */
export function toParentContext(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent)
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
}

/** W3C's name of a span, for whoever continues it; undefined for one that is not kept. */
export function toTraceparent(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext()
  const isKept = (traceFlags & TraceFlags.SAMPLED) !== 0
  return isKept ? `00-${traceId}-${spanId}-01` : undefined
}

/** Within a span. */
export function toContext(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span)
}
