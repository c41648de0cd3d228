import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

await import('./require-node.mjs')

await import('./ensure-built.mjs')
const { readConfig } = await import('../dist/config.js')
const { toDataDir } = await import('../dist/local/data-dir.js')
const { holdDataDir } = await import('../dist/local/data-dir-lock.js')
const { LocalError } = await import('../dist/local/local-error.js')
const { findFreePort } = await import('../dist/local/ports.js')
const { stopStaleChildren } = await import('../dist/local/stale-children.js')
const { withStores } = await import('../dist/local/with-stores.js')

const root = fileURLToPath(new URL('..', import.meta.url))
const testDir = join(root, '.headwater-test')
const runDir = join(testDir, `run-${process.pid}`)
const resultPath = join(runDir, 'jest.json')
const heapMb = 1024
const pageCacheMb = 256

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort())

await removeOldRuns()
process.exitCode = await runTests()
const summary = await readCounts(process.exitCode)
// The data of a failed run tells why; the next run removes it.
if (process.exitCode === 0) await rm(runDir, { recursive: true, force: true })
else console.log(`The logs of this run are in ${join(runDir, 'logs')}.`)
console.log(summary)

async function runTests() {
  try {
    await mkdir(runDir, { recursive: true })
    let exitCode = 1
    await withStores({
      start: {
        settings: await toSettings(),
        dataDir: toDataDir(runDir),
        programDirs: [testDir, join(root, '.headwater')],
        env: process.env,
        say: (line) => console.log(line),
        stopSignal: stopping.signal,
      },
      otherPorts: [],
      use: async (connection) => {
        exitCode = await runJest(connection)
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
    redisPort: await findFreePort(),
    boltPort: await findFreePort(),
    neo4jHttpPort: await findFreePort(),
    neo4jHeapMb: heapMb,
    neo4jPageCacheMb: pageCacheMb,
  }
}

function runJest({ redisUrl, neo4jUri, neo4jUser, neo4jPassword }) {
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
async function readCounts(exitCode) {
  try {
    const result = JSON.parse(await readFile(resultPath, 'utf8'))
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites
    const skipped = result.numPendingTests + result.numTodoTests
    const counts = `${result.numPassedTests} passed, ${failed} failed`
    return skipped === 0 ? counts : `${counts}, ${skipped} skipped`
  } catch {
    return `0 passed, ${exitCode === 0 ? 0 : 1} failed`
  }
}

/** Runs that were killed left their data, perhaps even their stores; runs that go on hold their directory. */
async function removeOldRuns() {
  await mkdir(testDir, { recursive: true })
  for (const name of await readdir(testDir)) {
    if (!name.startsWith('run-')) continue
    const old = toDataDir(join(testDir, name))
    try {
      await holdDataDir(old)
      await stopStaleChildren(old, (line) => console.log(line))
      await rm(old.root, { recursive: true, force: true })
    } catch (error) {
      if (!(error instanceof LocalError)) console.error(`${old.root} could not be removed: ${error.message}`)
    }
  }
}
