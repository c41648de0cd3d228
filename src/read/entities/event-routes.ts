import { answerJson, answerJsonText } from '../../http/answer-json.ts'
import { endpoint, type Endpoint } from '../../http/operation.ts'
import { pointInTime, requiredText, text } from '../../http/parameters.ts'
import { pageParameters, readCursor } from '../page.ts'
import type { ReadParts } from '../read-parts.ts'
import { findThing } from './find-thing.ts'
import { question } from '../question.ts'
import { readEventPage, readEventText } from './read-events.ts'

export function eventEndpoints(parts: ReadParts): Endpoint[] {
  return [list(parts), one(parts)]
}

/** GET /api/v2/events */
function list({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listEvents',
      path: '/api/v2/events',
      tag: 'events',
      summary: 'Events as they were accepted, the newest first',
      description:
        'Of a job: its JobEvents, and the events of its newest 1,000 runs that had begun by then. Of a dataset: its DatasetEvents, and the events of the runs that made its newest 1,000 versions.',
      inPath: {},
      inQuery: {
        of: text('Only about this: `run:<runId>`, `job:<namespace>:<name>` or `dataset:<namespace>:<name>`.'),
        from: pointInTime('Only events of then or later.'),
        to: pointInTime('Only events up to then.'),
        ...pageParameters,
      },
      schema: 'EventPage',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { of: id = '', from, to, limit, cursor } = asked.query
      const { reader } = asked
      const after = readCursor(cursor, 2)
      const { page, ...rest } = await ask(async (tx) => {
        const of =
          id === '' ? undefined : await findThing(tx, { id, kinds: ['run', 'job', 'dataset'], reader })
        return await readEventPage(tx, { of, from, to, after, limit, reader })
      })
      answerJson(asked, { events: page, ...rest })
    },
  )
}

/** GET /api/v2/events/:id */
function one({ ask }: ReadParts): Endpoint {
  return endpoint(
    {
      id: 'getEvent',
      method: 'get',
      path: '/api/v2/events/:id',
      tag: 'events',
      summary: 'An event, to the byte as it was received',
      scope: 'read',
      inPath: { id: requiredText('The id of the event: the SHA-256 of its text.') },
      inQuery: {},
      answer: {
        status: 200,
        description: 'The text of the event, its big numbers and the order of its members untouched.',
        mediaTypes: { 'application/json': { type: 'object' } },
      },
      problems: ['node-unknown'],
    },
    async (asked) => {
      const id = asked.path.id.toLowerCase()
      answerJsonText(asked, await ask((tx) => readEventText(tx, { id, reader: asked.reader })))
    },
  )
}
