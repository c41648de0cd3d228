import neo4j, {
  type BookmarkManager,
  type Driver,
  type ManagedTransaction,
  type Record as Neo4jRecord,
} from 'neo4j-driver'
import type { Logger } from '../logger.ts'
import type { Statement } from './cypher.ts'
import { gatherWrites } from './gather-writes.ts'
import { toPackedParameters } from './send-packed.ts'
import { readForeign, type ForeignLimits, type ForeignTransaction } from './read-foreign.ts'

export interface GraphSettings {
  uri: string
  user: string
  password: string
  database: string
}

/** What stands between us and Neo4j: statements in, rows out. */
export interface GraphTransaction {
  /** Runs a statement and gives its rows as plain objects; integers come as numbers, times as they are. */
  run(statement: Statement, parameters?: Record<string, unknown>): Promise<Row[]>
}

export type Row = Record<string, unknown>

export interface ReadLimits {
  /** Longest run on the server; then Neo4j ends it. */
  msMax: number
}

/** What a statement in a transaction of its own is for, readable in Neo4j's list of open transactions. */
export type LonePurpose = 'setup' | 'wipe'

export interface Graph {
  /** One transaction that writes. It is not retried here: the worker decides what is passing trouble. */
  inWrite<T>(work: (transaction: GraphTransaction) => Promise<T>): Promise<T>
  inRead<T>(work: (transaction: GraphTransaction) => Promise<T>, limits?: ReadLimits): Promise<T>
  /** A transaction that reads, for a query that somebody else has written, on a connection of its own. */
  readForeign<T>(work: (tx: ForeignTransaction) => Promise<T>, limits: ForeignLimits): Promise<T>
  /** A statement in a transaction of its own, as schema changes need. */
  runAlone(statement: Statement, purpose?: LonePurpose): Promise<void>
  verify(): Promise<void>
  close(): Promise<void>
}

/** Where Neo4j listens unless told otherwise. */
const DEFAULT_BOLT_PORT = 7687

/** Longest wait for a connection, in milliseconds; a lost Neo4j shows as an error after that. */
const CONNECTION_MS_MAX = 5_000

/** Longest run of one transaction on the server: far above any batch, so that only one that hangs is ended. */
export const TRANSACTION_MS_MAX = 120_000

/** Opens a pool of connections. The first statement, or `verify`, tells whether Neo4j is there. */
export function connectGraph(settings: GraphSettings, log: Logger): Graph {
  const gatherNoMore = gatherWrites(Number(new URL(settings.uri).port || DEFAULT_BOLT_PORT))
  const driver = neo4j.driver(settings.uri, neo4j.auth.basic(settings.user, settings.password), {
    disableLosslessIntegers: true,
    connectionTimeout: CONNECTION_MS_MAX,
    connectionAcquisitionTimeout: CONNECTION_MS_MAX * 2,
    maxTransactionRetryTime: 0,
    userAgent: 'headwater',
    // What Neo4j would tell of a plan is read in tests, not with every batch.
    notificationFilter: { minimumSeverityLevel: 'OFF' },
  })
  log.debug({ uri: settings.uri }, 'graph connection opened')
  const target = toTarget(settings)
  return {
    inWrite: (work) => inSession(driver, target, (session) => session.executeWrite(toWork(work), limits)),
    inRead: (work, { msMax } = { msMax: TRANSACTION_MS_MAX }) =>
      inSession(driver, target, (session) => session.executeRead(toWork(work), { timeout: msMax })),
    readForeign: (work, foreignLimits) => readForeign(settings, work, foreignLimits),
    runAlone: async (statement, purpose = 'setup') => {
      const metadata = { headwater: purpose }
      await inSession(driver, target, (session) => session.run(statement, {}, { metadata }))
    },
    verify: async () => {
      await driver.verifyConnectivity({ database: settings.database })
    },
    close: async () => {
      gatherNoMore()
      await driver.close()
    },
  }
}

interface Target {
  database: string
  bookmarkManager?: BookmarkManager
}

/** Of a cluster a follower may be asked that is a moment behind: with bookmarks it waits until it has what was written from here. */
function toTarget({ uri, database }: GraphSettings): Target {
  const isRouted = new URL(uri).protocol.startsWith('neo4j')
  return isRouted ? { database, bookmarkManager: neo4j.bookmarkManager() } : { database }
}

const limits = { timeout: TRANSACTION_MS_MAX }

async function inSession<T>(
  driver: Driver,
  target: Target,
  use: (session: ReturnType<Driver['session']>) => PromiseLike<T>,
): Promise<T> {
  const session = driver.session({ ...target })
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

function toWork<T>(work: (transaction: GraphTransaction) => Promise<T>) {
  return (transaction: ManagedTransaction): Promise<T> => {
    const runs: Promise<Row[]>[] = []
    return work({
      run: async (statement, parameters = {}) => {
        const rows = runStatement(transaction, statement, parameters)
        runs.push(rows)
        try {
          return await rows
        } catch (error) {
          throw await firstFailure(runs, error)
        }
      },
    })
  }
}

async function runStatement(
  transaction: ManagedTransaction,
  statement: Statement,
  parameters: Record<string, unknown>,
): Promise<Row[]> {
  const { records } = await transaction.run(statement, toPackedParameters(parameters))
  return records.map(toRow)
}

/** As the driver's own `toObject`, which takes several times as long. */
function toRow(record: Neo4jRecord): Row {
  const row: Row = {}
  for (const [index, key] of record.keys.entries()) row[String(key)] = record.get(index)
  return row
}

/**
 * Why a transaction failed. Statements go out side by side; when one of them fails, a later one may hear first, and only that it
 * comes too late: whoever asks whether the trouble passes must not be told that.
 */
async function firstFailure(runs: readonly Promise<Row[]>[], error: unknown): Promise<unknown> {
  const outcomes = await Promise.allSettled(runs)
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  )
  return failures[0] ?? error
}
