import type { Request, RequestHandler, Response } from 'express'
import { RequestAbandoned } from '../http/error-handler.ts'
import { Problem, type ProblemName } from '../http/problem.ts'
import { requestIdOf } from '../http/request-log.ts'
import type { EventKind } from '../openlineage/events.ts'
import type { RequestTrace, RequestTracer } from './request-trace.ts'

/** Hears of what comes in, for whoever counts it. */
export interface ReceiveNotes {
  /** A body was read; its bytes are inflated. */
  bodyRead(bytes: number): void
  /** An event is durable. */
  eventAccepted(kind: EventKind): void
  eventsRefused(problem: ProblemName, events: number): void
}

/** What a request is known to bring. */
export interface Brought {
  /** One, until its body tells otherwise. */
  events: number
  trace: RequestTrace
}

export interface Followers {
  notes: ReceiveNotes
  tracer: RequestTracer
}

/**
 * A handler that is followed: by a trace from its head to its answer, and its refusals are noted. What it throws refuses all events that
 * the request is known to bring.
 */
export function followed(
  { notes, tracer }: Followers,
  { method, route }: { method: string; route: string },
  handle: (request: Request, response: Response, brought: Brought) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const { traceparent } = request.headers
    const isOne = typeof traceparent === 'string'
    const trace = tracer.begin({ method, route, traceparent: isOne ? traceparent : undefined })
    trace.note({ requestId: requestIdOf(response) })
    response.once('close', () => trace.end(response.writableFinished ? response.statusCode : undefined))
    const brought: Brought = { events: 1, trace }
    try {
      await handle(request, response, brought)
    } catch (error) {
      // Who left before the body was whole was told nothing.
      if (error instanceof RequestAbandoned) throw error
      const problem = toProblemName(error)
      notes.eventsRefused(problem, brought.events)
      trace.note({ problem })
      throw error
    }
  }
}

function toProblemName(error: unknown): ProblemName {
  return error instanceof Problem ? error.problemName : 'unexpected'
}
