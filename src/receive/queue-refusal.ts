import { Problem } from '../http/problem.ts'
import { QueueFull, QueueUnavailable } from '../queue/queue-errors.ts'
import { ReceiverBusy } from './answer-deadline.ts'

/** What the caller hears where an event is not taken now, though nothing is wrong with it; undefined for every other trouble. */
export function toRefusal(error: unknown): Problem | undefined {
  if (error instanceof QueueUnavailable) {
    const detail = 'Redis does not answer. Nothing is wrong with the event: send it again.'
    return new Problem('queue-unavailable', { detail, cause: error })
  }
  if (error instanceof ReceiverBusy) {
    const detail = `${error.message} Nothing is wrong with it: send it again. It may be queued all the same, which does no harm.`
    return new Problem('receiver-busy', { detail, cause: error })
  }
  if (error instanceof QueueFull) {
    const detail = 'Too many events wait for the graph. Nothing is wrong with this one: send it again.'
    return new Problem('queue-full', { detail, cause: error })
  }
  return undefined
}
