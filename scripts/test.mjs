import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

await import('./require-node.mjs')

await import('./ensure-built.mjs')
const { readConfig } = await import('../dist/config.js')
const { toDataDir } = await import('../dist/local/data-dir.js')
const { LocalError } = await import('../dist/local/local-error.js')
const { withStores } = await import('../dist/local/with-stores.js')
const { findStorePorts, isOver } = await import('./stores-of-own.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const testDir = join(root, '.headwater-test')
const runDir = join(testDir, `run-${process.pid}`)
const shards = readShards()
const heapMb = 1024
const pageCacheMb = 256

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort())

await removeOldRuns()
process.exitCode = await runTests()
const summary = await readCounts()
// The data of a failed run tells why; the next run removes it.
if (process.exitCode === 0) await rm(runDir, { recursive: true, force: true })
else console.log(`The logs of this run are in ${shards.map(({ dir }) => join(dir, 'logs')).join(' and ')}.`)
console.log(summary)

/**
 * How many parts the tests run in, side by side, each with a Redis and a Neo4j of its own: much of a test is waiting. TEST_SHARDS says
 * another number. Who names what to run gets it in one part.
 */
function readShards() {
  const said = process.env.TEST_SHARDS ?? (process.argv.length > 2 || availableParallelism() < 2 ? '1' : '2')
  const count = /^[1-9]$/.test(said) ? Number(said) : undefined
  if (count === undefined) {
    console.error(`TEST_SHARDS is ${JSON.stringify(said)}, and has to be a number from 1 to 9.`)
    process.exit(1)
  }
  return Array.from({ length: count }, (_, index) => {
    const dir = count === 1 ? runDir : join(runDir, `shard-${index + 1}`)
    return { dir, resultPath: join(dir, 'jest.json'), of: `${index + 1}/${count}` }
  })
}

/** One after the other they begin: the first fetches what is missing. */
async function runTests() {
  const running = []
  for (const shard of shards) {
    await new Promise((resolve) => {
      running.push(runShard(shard, resolve).finally(resolve))
    })
  }
  const exitCodes = await Promise.all(running)
  return exitCodes.find((code) => code !== 0) ?? 0
}

async function runShard(shard, onReady) {
  try {
    await mkdir(shard.dir, { recursive: true })
    let exitCode = 1
    await withStores({
      start: {
        settings: await toSettings(),
        dataDir: toDataDir(shard.dir),
        programDirs: [testDir, join(root, '.headwater')],
        env: process.env,
        say: (line) => console.log(line),
        stopSignal: stopping.signal,
      },
      otherPorts: [],
      use: async (connection) => {
        onReady()
        exitCode = await runJest(connection, shard)
      },
    })
    return exitCode
  } catch (error) {
    if (!(error instanceof LocalError)) throw error
    console.error(error.message)
    return 1
  }
}

/** The defaults, with ports that are free and none of the environment's addresses: tests have stores of their own. */
async function toSettings() {
  return {
    ...readConfig({}),
    ...(await findStorePorts()),
    neo4jHeapMb: heapMb,
    neo4jPageCacheMb: pageCacheMb,
  }
}

function runJest({ redisUrl, neo4jUri, neo4jUser, neo4jPassword }, { resultPath, of }) {
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      // Integration tests share one graph, and some of them empty it.
      '--runInBand',
      // What a test leaves open must not keep the stores running.
      '--forceExit',
      '--json',
      `--outputFile=${resultPath}`,
      `--shard=${of}`,
      ...process.argv.slice(2),
    ],
    {
      cwd: root,
      // Its JSON goes to the file; what a reader wants to see goes to stderr.
      stdio: ['inherit', 'ignore', 'inherit'],
      env: {
        ...process.env,
        REDIS_URL: redisUrl,
        NEO4J_URI: neo4jUri,
        NEO4J_USER: neo4jUser,
        NEO4J_PASSWORD: neo4jPassword,
      },
    },
  )
  stopping.signal.addEventListener('abort', () => jest.kill('SIGTERM'))
  if (stopping.signal.aborted) jest.kill('SIGTERM')
  return new Promise((resolve, reject) => {
    jest.once('error', reject)
    jest.once('close', (code) => resolve(code ?? 1))
  })
}

/** `N passed, N failed`, and the skipped ones where there are; a file that did not even load is one failure. */
async function readCounts() {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { resultPath } of shards) {
    try {
      const result = JSON.parse(await readFile(resultPath, 'utf8'))
      total.passed += result.numPassedTests
      total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites
      total.skipped += result.numPendingTests + result.numTodoTests
    } catch {
      // A part that left no result did not run to its end.
      total.failed += 1
    }
  }
  const counts = `${total.passed} passed, ${total.failed} failed`
  return total.skipped === 0 ? counts : `${counts}, ${total.skipped} skipped`
}

/** Runs that were killed left their data, perhaps even their stores; runs that go on hold their directory. */
async function removeOldRuns() {
  await mkdir(testDir, { recursive: true })
  for (const name of await readdir(testDir)) {
    if (!name.startsWith('run-')) continue
    const run = join(testDir, name)
    const parts = (await readdir(run)).filter((part) => part.startsWith('shard-'))
    // One that ran in parts has its data in them.
    const dirs = parts.length === 0 ? [run] : parts.map((part) => join(run, part))
    const ended = []
    for (const dir of dirs) ended.push(await isOver(toDataDir(dir), (line) => console.log(line)))
    if (ended.every(Boolean)) await rm(run, { recursive: true, force: true })
  }
}
