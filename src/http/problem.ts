import { toShortList, type Finding } from './findings.ts'

interface CatalogEntry {
  status: number
  title: string
  headers?: Readonly<Record<string, string>>
}

// OpenLineage's clients repeat a 503, and none of them repeats every other status; a longer pause would hold up Spark.
const sendAgain = { 'Retry-After': '1' }

/** Every problem we answer with. The key is the last part of its `type` and never changes its meaning. */
export const problemCatalog = {
  'body-not-json': { status: 400, title: 'The body is not JSON' },
  'body-undecodable': { status: 400, title: 'The body is not what its Content-Encoding says' },
  'request-invalid': { status: 400, title: 'The request cannot be understood' },
  'cypher-invalid': { status: 400, title: 'Neo4j does not take the query' },
  'key-unknown': {
    status: 401,
    title: 'The API key is missing or unknown',
    headers: { 'WWW-Authenticate': 'Bearer' },
  },
  'key-forbidden': { status: 403, title: 'The API key may not do this' },
  'cypher-forbidden': { status: 403, title: 'The query does more than read' },
  'node-unknown': { status: 404, title: 'The graph does not have it' },
  'route-unknown': { status: 404, title: 'There is nothing at this path' },
  'dead-letter-unknown': { status: 404, title: 'There is no such dead letter' },
  'method-not-allowed': { status: 405, title: 'This path does not take this method' },
  'dead-letter-damaged': { status: 409, title: 'The event of the dead letter is damaged' },
  // No Retry-After here: Python's client would send the same body five times more.
  'body-too-large': { status: 413, title: 'The body is too large' },
  'batch-too-long': { status: 413, title: 'The batch has too many events' },
  'media-type-unsupported': { status: 415, title: 'The body has an unsupported Content-Type' },
  'encoding-unsupported': {
    status: 415,
    title: 'The body has an unsupported Content-Encoding',
    headers: { 'Accept-Encoding': 'gzip, deflate, identity' },
  },
  'event-invalid': { status: 422, title: 'The event does not match its schema' },
  'batch-invalid': { status: 422, title: 'The body is not an array of events' },
  'cypher-too-costly': { status: 422, title: 'The query takes too much' },
  'queue-unavailable': { status: 503, title: 'The queue does not answer', headers: sendAgain },
  'queue-full': { status: 503, title: 'The queue is full', headers: sendAgain },
  'receiver-busy': { status: 503, title: 'The receiver is busy', headers: sendAgain },
  'graph-unavailable': { status: 503, title: 'The graph does not answer', headers: sendAgain },
  'cypher-busy': { status: 503, title: 'Too many queries run', headers: sendAgain },
  unexpected: { status: 503, title: 'The request failed unexpectedly', headers: sendAgain },
} as const satisfies Record<string, CatalogEntry>

export type ProblemName = keyof typeof problemCatalog

export interface ProblemDetails {
  /** What the reader should know and do, in a sentence or two. */
  detail: string
  errors?: readonly Finding[]
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** The caller's trouble, or ours in words the caller understands: thrown anywhere, written by the error handler alone. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly problemName: ProblemName
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  private readonly type: string
  private readonly title: string
  private readonly detail: string
  private readonly errors: readonly Finding[]
  private members: Readonly<Record<string, unknown>> = {}

  constructor(problemName: ProblemName, { detail, errors = [], headers = {}, cause }: ProblemDetails) {
    super(detail, { cause })
    this.problemName = problemName
    const entry: CatalogEntry = problemCatalog[problemName]
    this.type = `/problems/${problemName}`
    this.title = entry.title
    this.status = entry.status
    this.headers = { ...entry.headers, ...headers }
    this.detail = detail
    this.errors = errors
  }

  /** Adds members that clients of another API look for, as RFC 9457 allows. */
  extend(members: Readonly<Record<string, unknown>>): this {
    this.members = { ...this.members, ...members }
    return this
  }

  /** The `application/problem+json` of RFC 9457, short enough to be read in the log of a Spark driver. */
  toJson(instance: string): string {
    const { type, title, status, detail } = this
    const { listed, more } = toShortList(this.errors)
    return JSON.stringify({
      type,
      title,
      status,
      detail,
      instance,
      ...(listed.length > 0 && { errors: listed }),
      ...(more > 0 && { moreErrors: more }),
      ...this.members,
    })
  }
}
