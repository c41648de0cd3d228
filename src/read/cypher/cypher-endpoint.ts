import type { Request, Response } from 'express'
import type { ForeignQuery, ForeignTransaction } from '../../graph/read-foreign.ts'
import { endpoint, type Endpoint, type Operation } from '../../http/operation.ts'
import { Problem } from '../../http/problem.ts'
import { readJson } from '../../http/read-json.ts'
import type { ReadParts } from '../read-parts.ts'
import { checkFunctions } from './check-functions.ts'
import { checkPlan } from './check-plan.ts'
import { QueryTooLong, toCypherProblem, toTruncation } from './explain-failure.ts'
import { createQuerySlots } from './query-slots.ts'
import { rowFormats, type RowFormat } from './row-formats.ts'
import { toParameters } from './value-json.ts'
import { writeRows } from './write-rows.ts'

export interface CypherLimits {
  msMax: number
  rowsMax: number
  bytesMax: number
  /** Queries at a time; 0 takes none. */
  queriesMax: number
}

/** Query and parameters together: a question, no load of data. */
const bodyBytesMax = 256 * 1024
/** How long Neo4j may take to end a query whose time is over, before its connection is cut. */
const endingMsMax = 2_000

const operation = {
  id: 'runCypher',
  method: 'post',
  path: '/api/v2/cypher',
  tag: 'cypher',
  summary: 'A query in Cypher that reads',
  description:
    'For who has no Bolt. The query is planned first, and runs only if its plan reads the graph and does nothing else. ' +
    'What a reader of some namespaces may see cannot be told of a query: such a key may not use it. ' +
    'Where rows are missing at the end, JSON says so in `truncated`, every format in the trailer `Headwater-Truncated`.',
  scope: 'read',
  inPath: {},
  inQuery: {},
  body: {
    description: 'The query, and the values of its parameters. Whole numbers are integers.',
    mediaTypes: { 'application/json': { $ref: '#/components/schemas/CypherQuery' } },
  },
  answer: {
    status: 200,
    description: 'The rows, as they come.',
    mediaTypes: {
      'application/json': { $ref: '#/components/schemas/CypherRows' },
      'text/csv': { type: 'string' },
      'application/x-ndjson': { type: 'string' },
    },
  },
  problems: [
    'body-not-json',
    'body-too-large',
    'media-type-unsupported',
    'encoding-unsupported',
    'cypher-invalid',
    'cypher-forbidden',
    'cypher-too-costly',
    'cypher-busy',
  ],
} as const satisfies Operation

/** POST /api/v2/cypher */
export function cypherEndpoints({ graph, cypherLimits }: ReadParts): Endpoint[] {
  const slots = createQuerySlots(cypherLimits.queriesMax)
  const runCypher = endpoint<{}, {}>(operation, async ({ request, response, reader }) => {
    if (reader.namespaces !== undefined) {
      const detail =
        'This key is for some namespaces only, and a query may lead to any. Use a key without namespaces.'
      throw new Problem('key-forbidden', { detail })
    }
    const query = toQuery(await readJson(request, { bytesMax: bodyBytesMax }))
    const format = toFormat(request)
    if (graph === undefined) {
      const detail = 'This receiver was started without a Neo4j: set NEO4J_URI for it.'
      throw new Problem('graph-unavailable', { detail })
    }
    await slots.hold(async () => {
      const stop = stopWhenNeeded(response, cypherLimits.msMax + endingMsMax)
      const work = (tx: ForeignTransaction) =>
        answerQuery(tx, { query, format, response, limits: cypherLimits })
      const { msMax, bytesMax: recordBytesMax } = cypherLimits
      try {
        await graph.readForeign(work, { msMax, recordBytesMax, signal: stop.signal })
      } catch (error) {
        if (response.destroyed) return
        throw toCypherProblem(error, cypherLimits)
      } finally {
        stop.clear()
      }
    })
  })
  return [runCypher]
}

async function answerQuery(
  tx: ForeignTransaction,
  asked: { query: ForeignQuery; format: RowFormat; response: Response; limits: CypherLimits },
): Promise<void> {
  const { query, format, response, limits } = asked
  checkPlan(await tx.explain(query))
  await checkFunctions(tx, query.text)
  const { columns, rows } = tx.stream(query)
  const explain = (error: unknown) => toTruncation(error, limits)
  await writeRows(response, format, { columns: await columns, rows, explain }, limits)
}

/** Stops a query when nobody waits for it any more, or when its time is over and Neo4j has not ended it. */
function stopWhenNeeded(response: Response, ms: number) {
  const stop = new AbortController()
  const onClose = () => {
    stop.abort(new Error('the client went away'))
  }
  const timer = setTimeout(() => {
    stop.abort(new QueryTooLong('the query did not end'))
  }, ms)
  response.once('close', onClose)
  if (response.destroyed) onClose()
  return {
    signal: stop.signal,
    clear: () => {
      clearTimeout(timer)
      response.off('close', onClose)
    },
  }
}

function toQuery(body: unknown): ForeignQuery {
  const { query, parameters = {}, ...others } = Object.fromEntries(Object.entries(body ?? {}))
  const [strange] = Object.keys(others)
  if (
    typeof query !== 'string' ||
    query.trim() === '' ||
    strange !== undefined ||
    !isPlainObject(parameters)
  ) {
    const detail = 'Send {"query": "MATCH …", "parameters": {…}}: a text, and an object that may be absent.'
    throw new Problem('request-invalid', { detail })
  }
  return { text: query, parameters: toParameters(parameters) }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toFormat(request: Request): RowFormat {
  const type = request.accepts(['application/json', 'text/csv', 'application/x-ndjson'])
  if (type === 'text/csv') return rowFormats.csv
  if (type === 'application/x-ndjson') return rowFormats.ndjson
  return rowFormats.json
}
