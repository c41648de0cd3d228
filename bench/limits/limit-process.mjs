import { readFileSync } from 'node:fs'

process.on('disconnect', () => process.exit(0))

/** What the bench has asked this process for. */
export function takeOrder() {
  return new Promise((resolve) => process.once('message', resolve))
}

/** The first lines of a file of events. */
export function readTexts(file, count) {
  return readFileSync(file, 'utf8').trim().split('\n').slice(0, count)
}

/** Says that all is prepared, waits for the word, works, and tells what it took; then tidies up, which does not count. */
export async function tellResult(events, work) {
  process.send({ ready: true })
  await takeOrder()
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const tidyUp = await work()
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  process.send({ result: { events, ms, cpuMs: (user + system) / 1000 } })
  await takeOrder()
  await tidyUp()
  process.exit(0)
}
