// npm run audit: asks the registry for known holes in our dependencies. Exit code: 0 where there is none that counts, 1 where there is one,
// 3 where the registry cannot be asked, so that nobody takes silence for an answer.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readAudit } from './read-audit.mjs'

await import('./require-node.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const bytesMax = 64 * 1024 * 1024
/** Who is offline hears so at once. */
const limits = ['--fetch-retries=0', '--fetch-timeout=30000']
const exitCodes = { clean: 0, found: 1, impossible: 3 }

const { stdout, error } = spawnSync('npm', ['audit', '--json', ...limits], {
  cwd: root,
  maxBuffer: bytesMax,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const { kind, sentences } = readAudit(
  error === undefined ? stdout : JSON.stringify({ message: error.message }),
)
for (const sentence of sentences) console.log(sentence)
process.exit(exitCodes[kind])
