import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChildPlan } from './child.ts'
import type { Connection } from './connection-file.ts'
import type { DataDir } from './data-dir.ts'
import type { Environment } from './find-program.ts'
import { isAnswering } from './probes.ts'
import { createLineFilter } from './role-lines.ts'

const readyMsMax = 60_000
/**
 * How Node.js runs a role; it cannot be told later than here. Its threads for garbage collection share the work of one in small pieces, and
 * took a sixth of a worker's CPU to do so.
 */
const nodeArgs = ['--single-threaded-gc']
/** Young objects in 8 instead of 16 MiB take 20 MiB less, for 3 % of a worker's CPU. */
const workerArgs = ['--max-semi-space-size=8']
/** What a role may need beyond the drain that it is allowed. */
const stopExtraMs = 5000

export interface RoleStart {
  connection: Connection & { collectorUrl: string }
  /** The receiver's. */
  port: number
  shutdownMsMax: number
  dataDir: DataDir
  env: Environment
  say: (line: string) => void
}

/**
 * The roles: this very program, started as `work` and as `serve`. The workers first, since they prepare the graph; the receiver
 * opens the door last. Large events have a worker of their own, so that the small ones never wait for them.
 */
export function toRolePlans(start: RoleStart): ChildPlan[] {
  return [
    toRolePlan(start, {
      name: 'Worker',
      command: 'work',
      env: { WORKER_LANES: 'small' },
      isReady: async (child) => child.hasSaidReady,
    }),
    toRolePlan(start, {
      name: 'Large-event worker',
      command: 'work',
      env: { WORKER_LANES: 'large', WORKER_PORT: '0' },
      isReady: async (child) => child.hasSaidReady,
    }),
    toRolePlan(start, {
      name: 'Receiver',
      command: 'serve',
      env: {},
      isReady: () => isAnswering(`${start.connection.collectorUrl}/health/ready`),
    }),
  ]
}

interface RoleCommand {
  name: string
  command: string
  /** Settings of this role alone. */
  env: Environment
  isReady: ChildPlan['isReady']
}

function toRolePlan(
  { dataDir, env, say, ...start }: RoleStart,
  { name, command, env: ownEnv, isReady }: RoleCommand,
): ChildPlan {
  const fileName = name.toLowerCase().replaceAll(' ', '-')
  const logPath = join(dataDir.logsDir, `${fileName}.log`)
  const toShown = createLineFilter(name, () => performance.now())
  const { redisUrl, neo4jUri, neo4jUser, neo4jPassword, neo4jDatabase } = start.connection
  return {
    name,
    command: process.execPath,
    args: [
      ...nodeArgs,
      ...(command === 'work' ? workerArgs : []),
      fileURLToPath(new URL('../main.js', import.meta.url)),
      command,
    ],
    env: {
      ...env,
      REDIS_URL: redisUrl,
      NEO4J_URI: neo4jUri,
      NEO4J_USER: neo4jUser,
      NEO4J_PASSWORD: neo4jPassword,
      NEO4J_DATABASE: neo4jDatabase,
      PORT: String(start.port),
      ...ownEnv,
    },
    pidPath: join(dataDir.pidsDir, `${name.replaceAll(' ', '-')}.pid`),
    logPath,
    onLine: (line) => {
      const shown = toShown(line)
      if (shown !== undefined) say(shown)
    },
    isReady,
    readyMsMax,
    stopMsMax: start.shutdownMsMax + stopExtraMs,
  }
}
