import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settingLines, readConfig } from '../../dist/config.js'
import { toDataDir } from '../../dist/local/data-dir.js'
import { keepRunning } from '../../dist/local/keep-running.js'
import { findFreePort } from '../../dist/local/ports.js'
import { toRolePlans } from '../../dist/local/role-plans.js'
import { withStores } from '../../dist/local/with-stores.js'
import { findStorePorts } from '../../scripts/stores-of-own.mjs'
import { connectBenchGraph } from './bench-graph.mjs'
import { connectBenchQueue } from './bench-queue.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Runs a collector as `npm run up` does, on free ports and in a folder of its own: Redis, Neo4j, a worker for small events, one for
 * large ones, a receiver. `settings` are of the environment, by their names. All have ended when it resolves.
 */
export async function withStack({ dir, settings, say, stopSignal }, use) {
  const config = readConfig(settings)
  const dataDir = toDataDir(dir)
  const env = { ...withoutSettings(process.env), ...settings }
  await withStores({
    start: {
      settings: { ...config, ...(await findStorePorts()), redisUrl: '', neo4jUri: '' },
      dataDir,
      // As for the tests: what `npm run up` has fetched serves here too.
      programDirs: [join(root, '.headwater'), join(root, '.headwater-test')],
      env,
      say,
      stopSignal,
    },
    otherPorts: [],
    use: async (stores, keep) => {
      const port = await findFreePort()
      const connection = { ...stores, collectorUrl: `http://127.0.0.1:${port}` }
      const { shutdownMsMax } = config
      const plans = toRolePlans({ connection, port, shutdownMsMax, dataDir, env, say })
      for (const plan of plans) keep(await keepRunning(plan, { say, stopSignal }))
      const queue = await connectBenchQueue({ redisUrl: connection.redisUrl, prefix: config.queuePrefix })
      const graph = connectBenchGraph(connection)
      try {
        await use(toStack({ connection, port, dataDir, plans, graph, queue, keep, say, stopSignal }))
      } finally {
        await queue.close()
        await graph.close()
      }
    },
  })
  // Stores that are stopped on the way say nothing of it.
  stopSignal.throwIfAborted()
}

/** The bench measures what it says it does, whatever the terminal has set for another collector. */
function withoutSettings(env) {
  const names = new Set(settingLines.map(({ name }) => name))
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)))
}

function toStack({ connection, port, dataDir, plans, graph, queue, keep, say, stopSignal }) {
  const [workerPlan] = plans
  const workers = plans.filter(({ args }) => args.includes('work'))
  const readStorePid = (name) => readPid({ pidPath: join(dataDir.pidsDir, `${name}.pid`) })
  return {
    connection,
    port,
    graph,
    queue,
    stopSignal,
    /** Workers for small events; there is one more, for large ones. */
    countSmallWorkers: () => workers.length - 1,
    /** Starts one more worker for small events. */
    async addWorker() {
      const number = workers.length
      const plan = {
        ...workerPlan,
        name: `Worker ${number}`,
        pidPath: join(dataDir.pidsDir, `worker-${number}.pid`),
        logPath: join(dataDir.logsDir, `worker-${number}.log`),
      }
      keep(await keepRunning(plan, { say, stopSignal }))
      workers.push(plan)
    },
    /** The processes by what they are, in the order of the road. */
    async readPids() {
      const receivers = plans.filter((plan) => !workers.includes(plan))
      return {
        receiver: await Promise.all(receivers.map(readPid)),
        worker: await Promise.all(workers.map(readPid)),
        redis: [await readStorePid('Redis')],
        neo4j: [await readStorePid('Neo4j')],
      }
    },
  }
}

async function readPid({ pidPath }) {
  return JSON.parse(await readFile(pidPath, 'utf8')).pid
}
