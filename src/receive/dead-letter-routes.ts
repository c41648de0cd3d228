import type { Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { requireAllNamespaces, type Access, type Scope } from '../http/access.ts'
import { Problem } from '../http/problem.ts'
import { requestIdOf } from '../http/request-log.ts'
import { readValue, wholeNumber } from '../http/request-values.ts'
import { writeJson, writeJsonText } from '../http/write-json.ts'
import type { DeadLetter, DeadLetters } from '../queue/dead-letters.ts'
import { retryDeadLetter } from '../queue/retry-dead-letters.ts'
import { QueueFull, QueueUnavailable } from '../queue/queue-errors.ts'
import type { QueuedEvent } from '../queue/queued-event.ts'
import type { PlaceFinder } from '../validate/standard-place.ts'
import { editDeadLetter } from './edit-dead-letter.ts'
import { explainDeadLetter, readLetterText, toShownLetter } from './explain-dead-letter.ts'
import { readListing, readSelection } from './letter-selection.ts'
import type { JudgeParts } from './redact-event.ts'
import { actOnSelection } from './selected-letters.ts'

export interface DeadLetterParts extends JudgeParts {
  access: Access
  deadLetters: Pick<DeadLetters, 'list' | 'show' | 'find' | 'drop' | 'count' | 'groups'>
  queue: { add(event: QueuedEvent): Promise<void> }
  findPlace: PlaceFinder
  bodyBytesMax: number
  log: Pick<Logger, 'info'>
}

const pageLettersDefault = 50
const pageLettersMax = 1000
const groupsListedMax = 100
const idLength = 64

type DeadLetterHandlers = Record<
  'list' | 'listGroups' | 'show' | 'showEvent' | 'retry' | 'drop' | 'retrySelected' | 'dropSelected',
  RequestHandler
>

/** The routes under /api/v2/dead-letters. */
export function createDeadLetterHandlers(parts: DeadLetterParts): DeadLetterHandlers {
  const guarded =
    (scope: Scope, handle: (request: Request, response: Response) => Promise<void>): RequestHandler =>
    async (request, response) => {
      const reader = parts.access.require(request.headers.authorization, scope)
      requireAllNamespaces(reader, { of: 'Dead letters' })
      await handle(request, response).catch((error: unknown) => {
        throw toProblem(error)
      })
    }
  const { deadLetters, queue, log } = parts
  return {
    list: guarded('read', (request, response) => listLetters(parts, request, response)),
    listGroups: guarded('read', (_request, response) => listGroups(parts, response)),
    show: guarded('read', async (request, response) => {
      await writeLetter(parts, await findLetter(deadLetters, request), response)
    }),
    showEvent: guarded('read', async (request, response) => {
      writeJsonText(response, await readWhole(await findLetter(deadLetters, request)))
    }),
    retry: guarded('admin', async (request, response) => {
      const { id } = await findLetter(deadLetters, request)
      const answer = hasBody(request)
        ? await editDeadLetter(parts, { id, request, requestId: requestIdOf(response) })
        : { id: (await retryDeadLetter({ deadLetters, queue }, id)) ? id : throwUnknown(id) }
      log.info({ requestId: requestIdOf(response), letter: id, event: answer.id }, 'dead letter retried')
      writeJson(response, answer)
    }),
    drop: guarded('admin', async (request, response) => {
      const { id } = await findLetter(deadLetters, request)
      if (!(await deadLetters.drop(id))) throwUnknown(id)
      log.info({ requestId: requestIdOf(response), letter: id }, 'dead letter dropped')
      writeJson(response, { id })
    }),
    retrySelected: guarded('admin', async (request, response) => {
      const act = async ({ id }: { id: string }) => await retryDeadLetter({ deadLetters, queue }, id)
      const { done, ...rest } = await actOnSelection(deadLetters, await readSelection(request), act)
      log.info({ requestId: requestIdOf(response), retried: done }, 'dead letters retried')
      writeJson(response, { retried: done, ...rest })
    }),
    dropSelected: guarded('admin', async (request, response) => {
      const act = async ({ id }: { id: string }) => await deadLetters.drop(id)
      const { done, ...rest } = await actOnSelection(deadLetters, await readSelection(request), act)
      log.info({ requestId: requestIdOf(response), dropped: done }, 'dead letters dropped')
      writeJson(response, { dropped: done, ...rest })
    }),
  }
}

async function listLetters(
  { deadLetters }: DeadLetterParts,
  request: Request,
  response: Response,
): Promise<void> {
  const { query, filter, cursor } = readListing(request, ['limit', 'cursor'])
  const limit = readValue(query, 'limit', wholeNumber({ min: 1, max: pageLettersMax })) ?? pageLettersDefault
  const [{ letters, next }, total] = await Promise.all([
    deadLetters.list({ cursor, limit, filter, newestFirst: true }),
    deadLetters.count(),
  ])
  writeJson(response, { deadLetters: letters.map(toShownLetter), ...(next !== undefined && { next }), total })
}

async function listGroups({ deadLetters }: DeadLetterParts, response: Response): Promise<void> {
  const groups = (await deadLetters.groups()).toSorted((a, b) => b.letters - a.letters)
  const more = Math.max(0, groups.length - groupsListedMax)
  writeJson(response, { groups: groups.slice(0, groupsListedMax), ...(more > 0 && { moreGroups: more }) })
}

/** The event stands in the answer as it was received: parsed and written again, large numbers would lose digits. */
async function writeLetter(
  { deadLetters, validate, findPlace }: DeadLetterParts,
  letter: DeadLetter,
  response: Response,
): Promise<void> {
  const producer = letter.label?.producer ?? ''
  const groups = await deadLetters.groups()
  const group = groups.find((one) => one.kind === letter.kind && one.producer === producer)
  const text = await readLetterText(letter)
  const explained = explainDeadLetter(letter, text, { validate, findPlace, sameKind: group?.letters ?? 1 })
  writeJsonText(response, `${JSON.stringify(explained).slice(0, -1)},"event":${text ?? 'null'}}`)
}

async function readWhole(letter: DeadLetter): Promise<string> {
  const text = await readLetterText(letter)
  if (text !== undefined) return text
  throw new Problem('dead-letter-damaged', {
    detail:
      'The queue does not hold the text that was accepted. Drop the letter, and have the event sent again.',
  })
}

/** The letter of the id in the path, or the only one whose id begins so. */
async function findLetter(
  deadLetters: DeadLetterParts['deadLetters'],
  request: Request,
): Promise<DeadLetter> {
  const id = String(request.params['id']).toLowerCase()
  const isId = /^[0-9a-f]+$/.test(id) && id.length <= idLength
  const [found, other] = !isId ? [] : id.length === idLength ? [id] : await deadLetters.find(id)
  if (other !== undefined) {
    throw new Problem('request-invalid', { detail: `Several ids begin with ${id}. Write more of it.` })
  }
  const letter = found === undefined ? undefined : await deadLetters.show(found)
  return letter ?? throwUnknown(id)
}

function throwUnknown(id: string): never {
  const detail = `There is no dead letter ${id.slice(0, idLength)}. It may have been retried or dropped.`
  throw new Problem('dead-letter-unknown', { detail })
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function toProblem(error: unknown): unknown {
  if (error instanceof QueueFull) {
    const detail = 'Too many events wait for the graph. The letter stays: retry it again.'
    return new Problem('queue-full', { detail, cause: error })
  }
  if (error instanceof QueueUnavailable) {
    const detail = 'Redis, which keeps the dead letters, does not answer. Nothing is lost: ask again.'
    return new Problem('queue-unavailable', { detail, cause: error })
  }
  return error
}
