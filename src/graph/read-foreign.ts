import neo4j, { type Driver, type Plan, type Transaction } from 'neo4j-driver'
import type { GraphSettings, Row } from './connection.ts'
import type { Statement } from './cypher.ts'
import { watchMemory } from './watch-memory.ts'

/** A query that somebody else has written, as against a `Statement` of ours. */
export interface ForeignQuery {
  text: string
  parameters: Readonly<Record<string, unknown>>
}

/** One operator of a plan, with what Neo4j says of it: its expressions, or the procedure that it calls. */
export interface PlannedOperator {
  name: string
  details: string
}

export interface QueryPlan {
  /** `r` reads; everything else writes, changes the schema, or administers. */
  queryType: string
  /** In the order in which rows pass them. */
  operators: readonly PlannedOperator[]
}

/** A transaction for a query that somebody else has written. Integers come as bigint. */
export interface ForeignTransaction {
  explain(query: ForeignQuery): Promise<QueryPlan>
  run(statement: Statement): Promise<Row[]>
  /** Rows as they are asked for: what is not taken stays in Neo4j. */
  stream(query: ForeignQuery): { columns: Promise<string[]>; rows: AsyncIterable<readonly unknown[]> }
}

export interface ForeignLimits {
  /** Longest run on the server; then Neo4j ends it. */
  msMax: number
  /** Most bytes that one record may have. */
  recordBytesMax: number
  /** Cuts the connection, and so ends the query. */
  signal: AbortSignal
}

/** A record had more bytes than it may. */
export class RecordTooLarge extends Error {
  override readonly name = 'RecordTooLarge'
}

/** Rows that Neo4j sends ahead of what was taken. */
const fetchRows = 1000
const connectMsMax = 5_000

/**
 * Runs a query of somebody else in a transaction that reads, over a connection of its own: whatever becomes of it, closing the
 * connection ends it, and no other question waits behind it.
 * @throws {RecordTooLarge} and whatever Neo4j throws
 */
export async function readForeign<T>(
  { uri, user, password, database }: GraphSettings,
  work: (tx: ForeignTransaction) => Promise<T>,
  { msMax, recordBytesMax, signal }: ForeignLimits,
): Promise<T> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password), {
    useBigInt: true,
    connectionTimeout: connectMsMax,
    connectionAcquisitionTimeout: connectMsMax * 2,
    maxTransactionRetryTime: 0,
    maxConnectionPoolSize: 1,
    fetchSize: fetchRows,
    userAgent: 'headwater cypher',
    notificationFilter: { minimumSeverityLevel: 'OFF' },
  })
  const cut = new AbortController()
  const stopped = AbortSignal.any([signal, cut.signal])
  const memory = watchMemory({
    bytesMax: recordBytesMax,
    exceeded: () => {
      cut.abort(new RecordTooLarge(`A record has more than ${recordBytesMax} bytes.`))
    },
  })
  try {
    return await orStopped(
      (async () => {
        const session = driver.session({ database, defaultAccessMode: neo4j.session.READ })
        const metadata = { headwater: 'cypher' }
        return await work(toForeign(await session.beginTransaction({ timeout: msMax, metadata }), memory))
      })(),
      stopped,
    )
  } finally {
    memory.stop()
    await closeQuietly(driver)
  }
}

function toForeign(transaction: Transaction, memory: { moved(): void }): ForeignTransaction {
  return {
    explain: async ({ text, parameters }) => {
      const { summary } = await transaction.run(`${explainPrefix}${text}`, parameters)
      return {
        queryType: summary.queryType,
        operators: summary.plan === false ? [] : toOperators(summary.plan),
      }
    },
    run: async (statement) => {
      const { records } = await transaction.run(statement)
      return records.map((record): Row => record.toObject())
    },
    stream: ({ text, parameters }) => {
      const result = transaction.run(text, parameters)
      // A failure is heard where rows are taken; nobody may be waiting for the columns then.
      const columns = result.keys()
      columns.catch(() => undefined)
      return { columns, rows: toRows(result, memory) }
    },
  }
}

/** What stands before a query when it is planned; places in messages of Neo4j are that much further right in the first line. */
export const explainPrefix = 'EXPLAIN '

async function* toRows(
  result: AsyncIterable<Iterable<unknown>>,
  memory: { moved(): void },
): AsyncGenerator<readonly unknown[]> {
  for await (const record of result) {
    memory.moved()
    yield [...record]
  }
}

function toOperators({ operatorType, arguments: said, children }: Plan): PlannedOperator[] {
  const name = operatorType.replace(/@.*$/, '')
  return [...children.flatMap(toOperators), { name, details: said['Details'] ?? '' }]
}

/** The work's outcome, or why it was stopped: then nobody hears of its end. */
async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController()
  try {
    return await Promise.race([work, rejectWhenStopped(signal, done.signal)])
  } finally {
    done.abort()
    work.catch(() => undefined)
  }
}

async function rejectWhenStopped(signal: AbortSignal, done: AbortSignal): Promise<never> {
  if (!signal.aborted) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { signal: done })
    })
  }
  throw signal.reason
}

async function closeQuietly(driver: Driver): Promise<void> {
  try {
    await driver.close()
  } catch {
    // It was closed to end what ran on it: there is nothing left to fail.
  }
}
