import type { LineageEvent } from '../openlineage/events.ts'

/** Follows requests that bring events. */
export interface RequestTracer {
  begin(request: { method: string; route: string; traceparent: string | undefined }): RequestTrace
}

/** One request that is followed. */
export interface RequestTrace {
  /** W3C's name of this request, by which its events are followed to the graph; undefined where nobody will look. */
  traceparent: string | undefined
  /** Does a step that is followed by itself. */
  inStep<T>(step: RequestStep, work: () => T): T
  inAsyncStep<T>(step: RequestStep, work: () => Promise<T>): Promise<T>
  /** Tells what came. */
  note(what: Partial<NotedRequest>): void
  /** The answer is out, or its reader has left. */
  end(status: number | undefined): void
}

export type RequestStep = 'validate' | 'queue'

export interface NotedRequest {
  requestId: string
  /** Inflated, of the body. */
  bytes: number
  /** How many, of a batch. */
  events: number
  eventId: string
  event: LineageEvent
  /** The name of the problem that the request ended in. */
  problem: string
}

const untraced: RequestTrace = {
  traceparent: undefined,
  inStep: (_step, work) => work(),
  inAsyncStep: (_step, work) => work(),
  note: () => undefined,
  end: () => undefined,
}

/** Where nobody follows. */
export const traceNoRequests: RequestTracer = { begin: () => untraced }
