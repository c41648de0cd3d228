import { SpanKind, SpanStatusCode, type Attributes, type Span, type Tracer } from '@opentelemetry/api'
import { isDatasetEvent, isRunEvent, type LineageEvent } from '../openlineage/events.ts'
import type { NotedRequest, RequestStep, RequestTracer } from '../receive/request-trace.ts'
import { toContext, toParentContext, toTraceparent } from './span-context.ts'

/** Longer names are cut. */
const nameCharsMax = 300

/** Follows each request by a span, below the producer's where it names one, and its steps by spans below that. */
export function createRequestTracer({ tracer }: { tracer: Tracer }): RequestTracer {
  return {
    begin({ method, route, traceparent }) {
      const attributes = { 'http.request.method': method, 'http.route': route }
      const options = { kind: SpanKind.SERVER, attributes }
      const span = tracer.startSpan(`${method} ${route}`, options, toParentContext(traceparent))
      const startStep = (step: RequestStep) => tracer.startSpan(step, {}, toContext(span))
      return {
        traceparent: toTraceparent(span),
        inStep(step, work) {
          const stepSpan = startStep(step)
          try {
            return work()
          } catch (error) {
            endFailed(stepSpan)
            throw error
          } finally {
            stepSpan.end()
          }
        },
        async inAsyncStep(step, work) {
          const stepSpan = startStep(step)
          try {
            return await work()
          } catch (error) {
            endFailed(stepSpan)
            throw error
          } finally {
            stepSpan.end()
          }
        },
        note: (what) => void span.setAttributes(toAttributes(what)),
        end: (status) => endRequest(span, status),
      }
    },
  }
}

/** Why stands in the log and in the answer: messages can have content of events in them. */
function endFailed(span: Span): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
}

function endRequest(span: Span, status: number | undefined): void {
  if (status === undefined) span.setAttribute('error.type', 'abandoned')
  else span.setAttribute('http.response.status_code', status)
  if (status === undefined || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

function toAttributes({
  requestId,
  bytes,
  events,
  eventId,
  event,
  problem,
}: Partial<NotedRequest>): Attributes {
  return {
    ...(requestId !== undefined && { 'headwater.request.id': requestId }),
    ...(bytes !== undefined && { 'http.request.body.size': bytes }),
    ...(events !== undefined && { 'headwater.batch.events': events }),
    ...(eventId !== undefined && { 'headwater.event.id': eventId }),
    ...(event !== undefined && toEventAttributes(event)),
    ...(problem !== undefined && { 'headwater.problem': problem, 'error.type': problem }),
  }
}

/** Which event it is, and nothing of what it says. */
function toEventAttributes(event: LineageEvent): Attributes {
  if (isDatasetEvent(event)) return {}
  const { namespace, name } = event.job
  const job = {
    'openlineage.job.namespace': namespace.slice(0, nameCharsMax),
    'openlineage.job.name': name.slice(0, nameCharsMax),
  }
  if (!isRunEvent(event)) return job
  const { run, eventType } = event
  return {
    ...job,
    'openlineage.run.id': run.runId,
    ...(eventType !== undefined && { 'openlineage.event.type': eventType }),
  }
}
