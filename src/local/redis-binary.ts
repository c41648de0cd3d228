import { findProgram, type Environment } from './find-program.ts'
import { LocalError } from './local-error.ts'
import { runProgram, type ProgramEnd } from './run-program.ts'

/** The oldest Redis with the commands that the queue uses. */
const redisMin = { major: 6, minor: 2 }

const howToGetRedis =
  'Install Redis of at least 6.2 (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis), ' +
  'or set REDIS_URL to one that runs.'

export interface RedisBinary {
  path: string
  version: string
}

export interface RedisSearch {
  env: Environment
  say: (line: string) => void
  stopSignal: AbortSignal
  /** Whether this process may install packages. */
  isRoot: boolean
}

/**
 * The redis-server on the PATH; where there is none, and this is root on a Debian, it is installed.
 * @throws {LocalError} where there is none, or one too old
 */
export async function provideRedis(search: RedisSearch): Promise<RedisBinary> {
  const path = (await findProgram('redis-server', search.env)) ?? (await installRedis(search))
  const { lines } = await runProgram({ command: path, args: ['--version'], env: search.env })
  const version = toRedisVersion(lines.join('\n'))
  if (version === undefined || !isRecent(version)) {
    throw new LocalError(`${path} is Redis ${version ?? 'of a version it does not tell'}. ${howToGetRedis}`)
  }
  return { path, version }
}

/** The version in the answer of `redis-server --version`. */
export function toRedisVersion(answer: string): string | undefined {
  return /\bv=(\d+\.\d+(?:\.\d+)?)/.exec(answer)?.[1]
}

export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > redisMin.major || (major === redisMin.major && minor >= redisMin.minor)
}

async function installRedis({ env, say, stopSignal, isRoot }: RedisSearch): Promise<string> {
  const aptGet = await findProgram('apt-get', env)
  if (aptGet === undefined || !isRoot) {
    throw new LocalError(`There is no redis-server on the PATH. ${howToGetRedis}`)
  }
  say('There is no redis-server on the PATH. Installing it with apt-get.')
  // RUNLEVEL=1 keeps the package from starting a Redis of its own on the port that ours is to have.
  const aptEnv = { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const run = (args: string[]) => runProgram({ command: aptGet, args, env: aptEnv, stopSignal })
  // An update may fail for one broken source among several; the installation tells whether it mattered.
  await run(['update'])
  const installation = await run(['install', '-y', '--no-install-recommends', 'redis-server'])
  const path = await findProgram('redis-server', env)
  if (!installation.isOk || path === undefined) throw toInstallError(installation)
  await stopSystemService({ env, say, stopSignal })
  return path
}

/** systemd starts what a package brings; we wanted its program only. */
async function stopSystemService({
  env,
  say,
  stopSignal,
}: Pick<RedisSearch, 'env' | 'say' | 'stopSignal'>): Promise<void> {
  const systemctl = await findProgram('systemctl', env)
  if (systemctl === undefined) return
  const args = ['disable', '--now', 'redis-server']
  const { isOk } = await runProgram({ command: systemctl, args, env, stopSignal })
  if (isOk) say('Its system service is switched off: headwater starts a Redis of its own.')
}

function toInstallError({ lines }: ProgramEnd): LocalError {
  const reason = lines.findLast((line) => line.startsWith('E: ')) ?? 'apt-get did not say why'
  return new LocalError(
    `apt-get could not install redis-server (${reason.replaceAll(/\w+:\/\/\S+/g, '(address)')}). ${howToGetRedis}`,
  )
}
