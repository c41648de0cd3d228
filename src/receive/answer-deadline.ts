import { withDeadline } from '../http/deadline.ts'
import { QueueUnavailable } from '../queue/queue-errors.ts'

/** When its answer was due an event was still with the receiver itself. It may be sent again. */
export class ReceiverBusy extends Error {
  override readonly name = 'ReceiverBusy'
}

/** What is done with an event, in order: reading and checking it, compressing it, and having Redis write it. */
export type Stage = 'checked' | 'compressed' | 'queued'

/** The answer itself takes a moment: this much earlier we stop waiting. */
const answerMsSpare = 50
/** A timer that is so much too late tells that nothing else of this process could run either. */
const heldUpMsMin = 100

export interface AnswerDeadline {
  /** What is being done now. Once the answer is due, it stays with what was being done then. */
  reach(stage: Stage): void
  /**
   * Waits for the work until the answer is due. The work goes on then.
   * @throws {ReceiverBusy | QueueUnavailable} whichever the event has waited for
   */
  wait<T>(work: Promise<T>): Promise<T>
}

/** By when an event is to be answered, and where it is meanwhile: Redis is not to blame for what we have not asked of it. */
export function createAnswerDeadline({
  endedAt,
  answerMsMax,
}: {
  /** When the last byte of the body had come. */
  endedAt: number
  answerMsMax: number
}): AnswerDeadline {
  const dueAt = endedAt + answerMsMax - answerMsSpare
  let stage: Stage = 'checked'
  const isHeldUp = () => performance.now() - dueAt > heldUpMsMin
  const toLate = (cause?: unknown) => {
    if (stage !== 'queued') return new ReceiverBusy(`The event was not ${stage} within ${answerMsMax} ms.`)
    // Whatever Redis has answered meanwhile, we could not hear it.
    if (isHeldUp()) return new ReceiverBusy('The receiver was held up by other events.')
    return cause instanceof QueueUnavailable
      ? cause
      : new QueueUnavailable(`the queue did not answer within ${answerMsMax} ms`)
  }
  return {
    reach(reached) {
      if (performance.now() < dueAt) stage = reached
    },
    async wait(work) {
      try {
        return await withDeadline(work, { ms: dueAt - performance.now(), late: toLate })
      } catch (error) {
        throw error instanceof QueueUnavailable ? toLate(error) : error
      }
    },
  }
}
