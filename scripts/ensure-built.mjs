import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

await import('./ensure-installed.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'dist', '.built')

const startedAt = new Date()
if (newestSourceMs() > (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0)) {
  console.error('Building.')
  rmSync(stamp, { force: true })
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) {
    console.error('The build failed (see above).')
    process.exit(1)
  }
  writeFileSync(stamp, '')
  // What changed while it built is newer than the build.
  utimesSync(stamp, startedAt, startedAt)
}

function newestSourceMs() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) =>
    join(root, name),
  )
  return Math.max(...[...sources, ...settings].map((path) => statSync(path).mtimeMs))
}
