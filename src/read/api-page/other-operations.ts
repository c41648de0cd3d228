import type { Operation } from '../../http/operation.ts'
import { requiredText, text, wholeNumber, type JsonSchema, type Parameters } from '../../http/parameters.ts'
import type { ProblemName } from '../../http/problem.ts'

/** What is answered by handlers of their own, as the document shows it: sending, dead letters, producers, health and pages. */
type Said = Pick<Operation, 'id' | 'method' | 'path' | 'tag' | 'summary' | 'scope'> &
  Partial<Pick<Operation, 'description' | 'body' | 'problems' | 'inPath' | 'inQuery'>> & {
    status?: number
    answer: string
    mediaTypes?: Readonly<Record<string, JsonSchema>>
  }

const object = { type: 'object' }
const json = { 'application/json': object }
const id = { id: requiredText('The id of the dead letter, or the beginning of one.') }
const queueProblems: readonly ProblemName[] = ['queue-unavailable', 'queue-full', 'unexpected']
const bodyProblems: readonly ProblemName[] = [
  'body-not-json',
  'body-undecodable',
  'body-too-large',
  'media-type-unsupported',
  'encoding-unsupported',
]
const filters: Parameters = {
  producer: text('A part of the producer.'),
  kind: text('Only letters of this kind.'),
  from: text('First failed at this time or later.'),
  to: text('First failed before this time.'),
}
const selection = {
  description: 'Which letters: {"ids": […]}, a filter such as {"kind": "EVENT_AHEAD"}, or {"all": true}.',
  mediaTypes: json,
}

const letters = '/api/v2/dead-letters'

const said: readonly Said[] = [
  {
    id: 'receiveEvent',
    method: 'post',
    path: '/api/v1/lineage',
    tag: 'events',
    scope: 'send',
    summary: 'Take one OpenLineage event',
    body: { description: 'A RunEvent, JobEvent or DatasetEvent.', mediaTypes: json },
    status: 201,
    answer: 'The event is on disk.',
    problems: [...bodyProblems, ...queueProblems, 'receiver-busy', 'event-invalid'],
  },
  {
    id: 'receiveBatch',
    method: 'post',
    path: '/api/v1/lineage/batch',
    tag: 'events',
    scope: 'send',
    summary: 'Take many OpenLineage events',
    body: {
      description: 'An array of events.',
      mediaTypes: { 'application/json': { type: 'array', items: object } },
    },
    answer: 'What became of each event.',
    problems: [...bodyProblems, ...queueProblems, 'receiver-busy', 'batch-too-long', 'batch-invalid'],
  },
  {
    id: 'listDeadLetters',
    method: 'get',
    path: letters,
    tag: 'dead letters',
    scope: 'read',
    summary: 'Events that cannot be merged',
    inQuery: {
      ...filters,
      limit: wholeNumber('Letters of a page.', { min: 1, max: 1000, default: 50 }),
      cursor: text('Where to go on.'),
    },
    answer: 'A page of dead letters, the newest first.',
    problems: queueProblems,
  },
  {
    id: 'listDeadLetterGroups',
    method: 'get',
    path: `${letters}/groups`,
    tag: 'dead letters',
    scope: 'read',
    summary: 'How many there are of each kind from each producer',
    answer: 'The groups.',
    problems: queueProblems,
  },
  {
    id: 'retryDeadLetters',
    method: 'post',
    path: `${letters}/retry`,
    tag: 'dead letters',
    scope: 'admin',
    summary: 'Queue many again',
    body: selection,
    answer: 'How many were queued.',
    problems: queueProblems,
  },
  {
    id: 'dropDeadLetters',
    method: 'post',
    path: `${letters}/drop`,
    tag: 'dead letters',
    scope: 'admin',
    summary: 'Drop many',
    body: selection,
    answer: 'How many were dropped.',
    problems: queueProblems,
  },
  {
    id: 'showDeadLetter',
    method: 'get',
    path: `${letters}/:id`,
    tag: 'dead letters',
    scope: 'read',
    inPath: id,
    summary: 'Why an event cannot be merged',
    answer: 'The letter, explained, with its event.',
    problems: [...queueProblems, 'dead-letter-unknown'],
  },
  {
    id: 'dropDeadLetter',
    method: 'delete',
    path: `${letters}/:id`,
    tag: 'dead letters',
    scope: 'admin',
    inPath: id,
    summary: 'Drop one',
    answer: 'Its id.',
    problems: [...queueProblems, 'dead-letter-unknown'],
  },
  {
    id: 'showDeadLetterEvent',
    method: 'get',
    path: `${letters}/:id/event`,
    tag: 'dead letters',
    scope: 'read',
    inPath: id,
    summary: 'Its event, to the byte',
    answer: 'The event as it was received.',
    problems: [...queueProblems, 'dead-letter-unknown', 'dead-letter-damaged'],
  },
  {
    id: 'retryDeadLetter',
    method: 'post',
    path: `${letters}/:id/retry`,
    tag: 'dead letters',
    scope: 'admin',
    inPath: id,
    summary: 'Queue one again',
    description: 'With an event as body that one instead: edited, and validated as if it were sent.',
    answer: 'The id of the event that was queued.',
    problems: [...queueProblems, 'dead-letter-unknown', 'event-invalid'],
  },
  {
    id: 'reportProducers',
    method: 'get',
    path: '/api/v2/producers',
    tag: 'producers',
    scope: 'read',
    summary: 'What each integration sends, and what is missing of it',
    inQuery: {
      from: text('Events at this time or later.'),
      to: text('Events before this time.'),
      producer: text('A part of the producer.'),
      unended: text('After how long a run counts as without an end.'),
    },
    answer: 'A line for each producer and version.',
  },
  {
    id: 'explainProblem',
    method: 'get',
    path: '/problems/:name',
    tag: 'about',
    scope: undefined,
    inPath: { name: requiredText('The last part of the `type` of a problem.') },
    summary: 'What a problem means, and what to do',
    answer: 'The page of the problem.',
    mediaTypes: { ...json, 'text/plain': { type: 'string' } },
    problems: ['route-unknown'],
  },
  {
    id: 'isLive',
    method: 'get',
    path: '/health/live',
    tag: 'about',
    scope: undefined,
    summary: 'Whether the process runs',
    answer: 'It does.',
  },
  {
    id: 'isReady',
    method: 'get',
    path: '/health/ready',
    tag: 'about',
    scope: undefined,
    summary: 'Whether the receiver can take events',
    answer: 'It can. 503 where Redis does not answer.',
  },
  {
    id: 'readMetrics',
    method: 'get',
    path: '/metrics',
    tag: 'about',
    scope: 'read',
    summary: 'What is counted, for Prometheus',
    answer: 'Metrics in the text format of Prometheus.',
    mediaTypes: { 'text/plain': { type: 'string' } },
  },
  {
    id: 'showApiPage',
    method: 'get',
    path: '/api',
    tag: 'about',
    scope: undefined,
    summary: 'A page to try all this',
    answer: 'The page.',
    mediaTypes: { 'text/html': { type: 'string' } },
  },
  {
    id: 'showApiPageFile',
    method: 'get',
    path: '/api/page/:file',
    tag: 'about',
    scope: undefined,
    inPath: { file: requiredText('Its name.') },
    summary: 'What the page is made of',
    answer: 'The file.',
    mediaTypes: {
      'text/javascript': { type: 'string' },
      'text/css': { type: 'string' },
      'image/png': { type: 'string' },
    },
    problems: ['route-unknown'],
  },
]

export const otherOperations: readonly Operation[] = said.map(
  ({ status = 200, answer, mediaTypes = json, ...rest }) => ({
    inPath: {},
    inQuery: {},
    problems: [],
    ...rest,
    answer: { status, description: answer, mediaTypes },
  }),
)
