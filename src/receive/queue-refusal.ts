import { Problem } from '../http/problem.ts'
import { QueueFull, QueueUnavailable } from '../queue/queue-errors.ts'

/** What the caller hears where the queue does not take an event now; undefined for every other trouble. */
export function toRefusal(error: unknown): Problem | undefined {
  if (error instanceof QueueUnavailable) {
    const detail = 'Redis does not answer. Nothing is wrong with the event: send it again.'
    return new Problem('queue-unavailable', { detail, cause: error })
  }
  if (error instanceof QueueFull) {
    const detail = 'Too many events wait for the graph. Nothing is wrong with this one: send it again.'
    return new Problem('queue-full', { detail, cause: error })
  }
  return undefined
}
