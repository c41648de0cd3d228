import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataDir } from './data-dir.ts'
import { pause } from './pause.ts'
import { isStillRunning, readIfThere, toProcessRecord, type ProcessRecord } from './process-record.ts'

const stopMsMax = 60_000
const lookEveryMs = 200

/**
 * Stops what a killed start left running: the very processes recorded in DATA_DIR/run, none that merely has their number.
 * Call it while holding DATA_DIR.
 */
export async function stopStaleChildren({ pidsDir }: DataDir, say: (line: string) => void): Promise<void> {
  const names = (await readdir(pidsDir)).filter((name) => name.endsWith('.pid'))
  await Promise.all(
    names.map(async (name) => {
      const path = join(pidsDir, name)
      const record = toProcessRecord((await readIfThere(path)) ?? '')
      if (record !== undefined && isStillRunning(record)) {
        say(
          `An earlier start left its ${name.replace('.pid', '')} running (process ${record.pid}); stopping it.`,
        )
        await stop(record)
      }
      await rm(path, { force: true })
    }),
  )
}

async function stop(record: ProcessRecord): Promise<void> {
  if (await endsWithin(record, 'SIGTERM')) return
  await endsWithin(record, 'SIGKILL')
}

async function endsWithin(record: ProcessRecord, signal: NodeJS.Signals): Promise<boolean> {
  if (!isStillRunning(record)) return true
  process.kill(record.pid, signal)
  const latest = performance.now() + stopMsMax
  while (isStillRunning(record)) {
    if (performance.now() > latest) return false
    await pause(lookEveryMs, new AbortController().signal)
  }
  return true
}
