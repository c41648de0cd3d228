import type { IncomingMessage } from 'node:http'
import { toShortList, type Finding } from '../http/findings.ts'
import { Problem } from '../http/problem.ts'
import type { DeadLetters } from '../queue/dead-letters.ts'
import { replaceDeadLetter } from '../queue/retry-dead-letters.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import { parseEventText } from './parse-event.ts'
import { readBody } from './read-body.ts'
import { judgeAndRedact, type JudgeParts } from './redact-event.ts'
import { toQueuedEvent, toQueueEntry } from './to-queued-event.ts'

export interface EditParts extends JudgeParts {
  deadLetters: Pick<DeadLetters, 'show' | 'drop'>
  queue: { add(event: QueuedEvent): Promise<void> }
  bodyBytesMax: number
}

/**
 * Takes the body of a request as the edited event of a dead letter: it is validated as if it had just been sent, and takes the
 * letter's place in the queue under the id of its new text.
 * @throws {Problem} where the edited event is not valid, or the letter is gone
 */
export async function editDeadLetter(
  parts: EditParts,
  { id, request, requestId }: { id: string; request: IncomingMessage; requestId: string },
): Promise<{ id: string; replaced: string; warnings: readonly Finding[] }> {
  const sent = await readBody(request, parts)
  const judgement = judgeAndRedact(sent, parseEventText(sent.text), parts)
  if (!judgement.ok) throw new Problem('event-invalid', judgement)
  const { body, accepted } = judgement
  const receivedAt = new Date().toISOString()
  const edited = await toQueuedEvent(toQueueEntry(body, accepted), { requestId, receivedAt })
  const wasThere = await replaceDeadLetter(parts, { id, edited })
  if (!wasThere)
    throw new Problem('dead-letter-unknown', { detail: `The dead letter ${id} has gone meanwhile.` })
  return { id: edited.id, replaced: id, warnings: toShortList(accepted.warnings).listed }
}
