#!/usr/bin/env node
// npm run bench: runs the scenarios one after the other, each on stores of its own, and writes the report.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

await import('../scripts/require-node.mjs')
await import('../scripts/ensure-built.mjs')
const { toDataDir } = await import('../dist/local/data-dir.js')
const { help, readOptions } = await import('./options.mjs')
const { scenarios } = await import('./scenarios/all.mjs')
const { withStack } = await import('./stack/with-stack.mjs')
const { folderPrefix, removeLeftovers } = await import('./stack/leftovers.mjs')
const { writeReport } = await import('./report/write-report.mjs')

/** Smaller than this, a warehouse is no warehouse. */
const sizeMin = 20
const nameWidth = 14

const startedAt = new Date()
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort())
const say = (line) => console.error(line)

const options = readOrExit()
if (options.isHelp) showHelp()
await removeLeftovers(say)
const outcomes = []
for (const scenario of scenarios.filter(({ name }) => options.names.includes(name))) {
  if (!stopping.signal.aborted) outcomes.push(await runScenario(scenario))
}
const { bars, sections } = await writeReport({ out: options.out, startedAt, options, outcomes })
tellEnd()

function readOrExit() {
  try {
    const names = scenarios.map(({ name }) => name)
    return readOptions(process.argv.slice(2), names)
  } catch (error) {
    console.error(error.message)
    return process.exit(1)
  }
}

function showHelp() {
  const lines = scenarios.map(({ name, about }) => `  ${name.padEnd(nameWidth)} ${about}`)
  console.log(`${help}\n\nScenarios:\n${lines.join('\n')}`)
  process.exit(0)
}

/** A scenario that fails is told in the report, and the others go on. */
async function runScenario(scenario) {
  const dir = await mkdtemp(join(tmpdir(), folderPrefix))
  const dataDir = join(dir, 'data')
  await mkdir(dataDir)
  say(`\n${scenario.name}: ${scenario.about}`)
  try {
    const found = await scenario.run({
      dir,
      say,
      runs: options.runs,
      growthMax: options.growthMax,
      stopSignal: stopping.signal,
      toSize: (full, least = sizeMin) => Math.max(least, Math.round(full * options.scale)),
      remove: (file) => rmSync(file, { force: true }),
      /** `whenEnded` is given the folder of the stack that has ended; what it finds is added. */
      async withStack(use, whenEnded = async () => ({})) {
        let result
        const start = { dir: dataDir, settings: options.settings, say, stopSignal: stopping.signal }
        await withStack(start, async (stack) => {
          result = await use(stack)
        })
        return { ...result, ...(await whenEnded(toDataDir(dataDir))) }
      },
    })
    return { scenario, found }
  } catch (error) {
    say(error.stack)
    return { scenario, error: error.message }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

function tellEnd() {
  for (const { name, wanted, found, verdict } of bars) say(`${verdict}: ${name} ${wanted}: ${found}`)
  const wrong = sections.filter(
    ({ error, checks }) => error !== undefined || checks.some(({ isSame }) => !isSame),
  )
  for (const { name } of wrong) say(`${name} has an error: see the report.`)
  say(`The report: ${join(options.out, 'report.md')}`)
  // Whatever a scenario that failed has left open must not keep the bench running.
  process.exit(stopping.signal.aborted ? 130 : wrong.length > 0 ? 1 : 0)
}
