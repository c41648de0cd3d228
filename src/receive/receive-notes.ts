import type { Request, RequestHandler, Response } from 'express'
import { RequestAbandoned } from '../http/error-handler.ts'
import { Problem, type ProblemName } from '../http/problem.ts'
import type { EventKind } from '../openlineage/events.ts'

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
}

/** A handler whose refusals are noted: what it throws refuses all events that the request is known to bring. */
export function notingRefusals(
  notes: ReceiveNotes,
  handle: (request: Request, response: Response, brought: Brought) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const brought: Brought = { events: 1 }
    try {
      await handle(request, response, brought)
    } catch (error) {
      // Who left before the body was whole was told nothing.
      if (!(error instanceof RequestAbandoned)) notes.eventsRefused(toProblemName(error), brought.events)
      throw error
    }
  }
}

function toProblemName(error: unknown): ProblemName {
  return error instanceof Problem ? error.problemName : 'unexpected'
}
