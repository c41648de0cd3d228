import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

await import('./require-node.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))

// npm writes the second file last: without it an installation was never finished.
if (isNewer('package-lock.json', 'node_modules/.package-lock.json')) {
  console.error('Installing the packages of package-lock.json (npm ci).')
  const { status, error } = spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(
      error === undefined
        ? 'npm ci failed (see above). Check the network, and run again.'
        : `npm ci could not be started (${error.message}). Install npm, and run again.`,
    )
    process.exit(1)
  }
}

function isNewer(source, made) {
  const sourceStat = statSync(`${root}/${source}`)
  const madeStat = statSync(`${root}/${made}`, { throwIfNoEntry: false })
  return madeStat === undefined || sourceStat.mtimeMs > madeStat.mtimeMs
}
