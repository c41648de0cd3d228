import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { neo4jVersion } from '../../dist/local/neo4j-jars.js'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const bytesOfGb = 1024 ** 3
const packages = ['bullmq', 'ioredis', 'neo4j-driver', 'express']

/** What the figures were measured on and with, as pairs of a name and a text. Neither the host nor its user is named. */
export async function describeMachine() {
  const [cpu] = cpus()
  const versions = await Promise.all(packages.map(describePackage))
  const [commit, changes] = await Promise.all([
    firstLine('git', ['rev-parse', '--short', 'HEAD']),
    firstLine('git', ['status', '--porcelain', '--untracked-files=no']),
  ])
  return [
    ['processors', `${availableParallelism()} × ${cpu.model.trim()}`],
    ['memory', `${(totalmem() / bytesOfGb).toFixed(1)} GiB`],
    ['system', `${type()} ${release()}`],
    ['Node.js', process.versions.node],
    ['Java', await firstLine('java', ['-version'])],
    ['Neo4j', neo4jVersion],
    ['Redis', /\bv=(\S+)/.exec(await firstLine('redis-server', ['--version']))?.[1] ?? ''],
    ['packages', versions.join(', ')],
    ['Headwater', `${commit}${changes === '' ? '' : ', with changes that are not committed'}`],
  ]
}

/** Java tells its version on stderr. */
async function firstLine(command, args) {
  try {
    const { stdout, stderr } = await run(command, args, { cwd: root })
    return (stdout || stderr).split('\n')[0].trim()
  } catch {
    return ''
  }
}

async function describePackage(name) {
  const { version } = JSON.parse(await readFile(`${root}/node_modules/${name}/package.json`, 'utf8'))
  return `${name} ${version}`
}
