import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const testDir = fileURLToPath(new URL('../../.headwater-test/', import.meta.url))

/** The Python of a virtual environment with these packages, which is made where it is missing. It needs `python3` and a package index. */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const content = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 8)
  const dir = join(testDir, `venv-${name}-${content}`)
  const python = join(dir, 'bin', 'python')
  const done = join(dir, 'installed')
  if (existsSync(done)) return python
  await run('python3', ['-m', 'venv', dir])
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
  await run(python, ['-c', `open(${JSON.stringify(done)}, 'w').close()`])
  return python
}

/** Runs a script with this Python, and gives what it prints as JSON. */
export async function runPython(python: string, script: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(python, ['-c', script, ...args], { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout)
}
