import { doorSettings } from './door-settings.ts'
import { retentionSettings } from './retention-settings.ts'
import { choice, flag, integer, optionalInteger, text, type SettingLine } from './setting-readers.ts'
import { traceSettings } from './trace-settings.ts'

/** Every setting, one line each: environment variable, type, default, sentence. The README's table is this list. */
const settings = {
  ...doorSettings,
  redisUrl: text(
    'REDIS_URL',
    '',
    'Redis of the queue: redis://…, redis+sentinel://… or redis+cluster://… ([docs](docs/deployment.md#redis)). With it and NEO4J_URI set, `npm run up` starts neither.',
  ),
  redisReplicasMin: optionalInteger(
    'REDIS_REPLICAS_MIN',
    'Replicas that must have an event before it is answered 201. Default: 0 with redis://, else 1.',
    { min: 0 },
  ),
  redisReplicasMsMax: integer(
    'REDIS_REPLICAS_MS_MAX',
    1000,
    'Longest wait for these replicas, in milliseconds; the answer is 503 then.',
    { min: 10 },
  ),
  redisAnyway: flag(
    'REDIS_ANYWAY',
    'Start with a Redis that may lose accepted events: one that evicts, has no append-only file, or is at its maxmemory.',
  ),
  neo4jUri: text('NEO4J_URI', '', 'Bolt URI of Neo4j 5.'),
  neo4jUser: text('NEO4J_USER', 'neo4j', 'User for Neo4j.'),
  neo4jPassword: text('NEO4J_PASSWORD', '', 'Password for Neo4j.'),
  neo4jDatabase: text('NEO4J_DATABASE', 'neo4j', 'Database in Neo4j.'),
  toNeo4jPassword: text(
    'TO_NEO4J_PASSWORD',
    '',
    'Password for the Neo4j that `headwater rebuild --to` fills; NEO4J_PASSWORD where it is empty.',
  ),
  queuePrefix: text(
    'QUEUE_PREFIX',
    'headwater',
    'Prefix of all names in Redis; in a Redis Cluster put in braces.',
  ),
  queueEventsMax: integer(
    'QUEUE_EVENTS_MAX',
    100_000,
    'High-water mark: with more events waiting, the receiver answers 503.',
    { min: 1 },
  ),
  queueBytesMax: integer(
    'QUEUE_BYTES_MAX',
    1024 * 1024 * 1024,
    'High-water mark of the bytes Redis holds; above it the receiver answers 503.',
    { min: 1024 * 1024 },
  ),
  queueSeenMs: integer(
    'QUEUE_SEEN_MS',
    5000,
    'How often a worker notes in the graph that Redis still holds the queue, in milliseconds: where Redis is wiped, the window of loss begins at the last note.',
    { min: 100 },
  ),
  jobEventsMax: integer('JOB_EVENTS_MAX', 100, 'Most events that share one job of the queue.', { min: 1 }),
  queueLingerMs: integer(
    'QUEUE_LINGER_MS',
    10,
    'How long events wait, after others were queued, for company in their job; an event that comes alone does not wait.',
    { min: 0, max: 1000 },
  ),
  largeEventBytes: integer(
    'LARGE_EVENT_BYTES',
    1024 * 1024,
    'Events above this many inflated bytes take a lane of their own.',
    { min: 1024 },
  ),
  workerConcurrency: integer(
    'WORKER_CONCURRENCY',
    48,
    'Jobs of the queue a worker holds at a time: where each holds one event, no more are merged together.',
    {
      min: 1,
    },
  ),
  workerLanes: choice(
    'WORKER_LANES',
    'all',
    ['all', 'small', 'large'],
    'Which events a worker takes. A large event keeps its worker busy for seconds: one worker for the large beside one for the small keeps these waiting for nothing.',
  ),
  mergeEventsMax: integer('MERGE_EVENTS_MAX', 400, 'Most events merged in one transaction.', { min: 1 }),
  mergeLingerMs: integer(
    'MERGE_LINGER_MS',
    100,
    'How long a worker waits for more events after a batch, while few are there; an event that comes alone does not wait.',
    { min: 0, max: 10_000 },
  ),
  mergeWriters: integer('MERGE_WRITERS', 1, 'Transactions a worker has open at a time.', { min: 1, max: 16 }),
  facetBytesMax: integer(
    'FACET_BYTES_MAX',
    256 * 1024,
    'A larger facet stays in the event only, and is marked.',
    { min: 256 },
  ),
  eventAheadHoursMax: integer(
    'EVENT_AHEAD_HOURS_MAX',
    24,
    'An eventTime further ahead makes the event a dead letter.',
    { min: 0 },
  ),
  identityFile: text(
    'IDENTITY_FILE',
    '',
    'File of identity rules: which names are one thing. Without it, those that are safe for any name.',
  ),
  cypherMsMax: integer(
    'CYPHER_MS_MAX',
    30_000,
    'Longest run of a query at /api/v2/cypher, in milliseconds.',
    { min: 100 },
  ),
  cypherRowsMax: integer('CYPHER_ROWS_MAX', 100_000, 'Most rows in the answer to such a query.', { min: 1 }),
  cypherBytesMax: integer(
    'CYPHER_BYTES_MAX',
    64 * 1024 * 1024,
    'Most bytes in that answer, and in one row of it.',
    { min: 1024 },
  ),
  cypherQueriesMax: integer(
    'CYPHER_QUERIES_MAX',
    4,
    'Such queries at a time, above which a receiver answers 503; 0 refuses them all.',
    { min: 0 },
  ),
  workerPort: integer(
    'WORKER_PORT',
    0,
    'Port where a worker answers /health/live, /health/ready and /metrics; 0 is none.',
    {
      min: 0,
      max: 65535,
    },
  ),
  ...retentionSettings,
  shutdownMsMax: integer('SHUTDOWN_MS_MAX', 20_000, 'Longest drain after SIGTERM, in milliseconds.', {
    min: 0,
  }),
  logLevel: choice(
    'LOG_LEVEL',
    'info',
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'Least level that is logged.',
  ),
  ...traceSettings,
  dataDir: text(
    'DATA_DIR',
    '.headwater',
    'Where `npm run up` keeps the data of the Redis and Neo4j it starts.',
  ),
  redisPort: integer('REDIS_PORT', 6379, 'Port of the Redis that `npm run up` starts.', {
    min: 1,
    max: 65535,
  }),
  boltPort: integer('BOLT_PORT', 7687, 'Bolt port of the Neo4j that `npm run up` starts.', {
    min: 1,
    max: 65535,
  }),
  neo4jHttpPort: integer('NEO4J_HTTP_PORT', 7474, 'Port of Neo4j’s browser page.', { min: 1, max: 65535 }),
  neo4jHeapMb: integer(
    'NEO4J_HEAP_MB',
    0,
    'Heap of that Neo4j in MiB; 0 sizes it from the machine’s memory.',
    { min: 0 },
  ),
  neo4jPageCacheMb: integer(
    'NEO4J_PAGECACHE_MB',
    0,
    'Page cache of that Neo4j in MiB; 0 sizes it from the machine’s memory.',
    { min: 0 },
  ),
} as const

export type Config = Readonly<{ [K in keyof typeof settings]: ReturnType<(typeof settings)[K]['read']> }>

/** The settings as the README lists them. */
export const settingLines: readonly SettingLine[] = Object.values(settings).map(
  ({ name, defaultText, sentence }) => ({
    name,
    defaultText,
    sentence,
  }),
)

/** Everything that is wrong with the environment, one sentence each. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length} mistake(s):\n${mistakes.map((m) => `  - ${m}`).join('\n')}`,
    )
    this.mistakes = mistakes
  }
}

/**
 * Reads the settings from an environment.
 * @throws {ConfigError} naming every mistake at once
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const mistakes: string[] = []
  const entries = Object.entries(settings).map(([key, setting]) => {
    try {
      return [key, setting.read(env[setting.name]?.trim() ?? '')]
    } catch (error) {
      mistakes.push(error instanceof Error ? error.message : String(error))
      return [key, undefined]
    }
  })
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets which reader made which value
  return Object.freeze(Object.fromEntries(entries)) as Config
}
