import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const sourcePath = fileURLToPath(new URL('./shift-clock.c', import.meta.url))

/** A wall clock that the processes started with it share, and that is put wrong while they run. */
export interface ShiftedClock {
  env: NodeJS.ProcessEnv
  shift(seconds: number): Promise<void>
}

/** The library that shifts the clock of single processes; undefined where there is no C compiler to make it. */
export async function buildClockLibrary(dir: string): Promise<string | undefined> {
  const path = join(dir, 'shift-clock.so')
  try {
    await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-o', path, sourcePath])
    return path
  } catch {
    return undefined
  }
}

export async function createClock(library: string | undefined, path: string): Promise<ShiftedClock> {
  const shift = async (seconds: number) => await writeFile(path, String(seconds))
  await shift(0)
  return { env: library === undefined ? {} : { LD_PRELOAD: library, CHAOS_CLOCK_FILE: path }, shift }
}
