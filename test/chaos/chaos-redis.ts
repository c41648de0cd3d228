import { isRedisReady } from '../../src/local/probes.ts'
import { ManagedProcess } from './managed-process.ts'

/** A Redis with the settings of `headwater up`; without `keepsFile` it loses everything with its end, as it must not. */
export function createChaosRedis(where: {
  dir: string
  port: number
  logPath: string
  env: NodeJS.ProcessEnv
  keepsFile: boolean
}): ManagedProcess {
  const { dir, port, logPath, env, keepsFile } = where
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '']
  return new ManagedProcess({
    name: 'redis',
    command: 'redis-server',
    args: [...args, '--appendonly', keepsFile ? 'yes' : 'no', '--appendfsync', 'always'],
    env: { ...process.env, ...env },
    logPath,
    isReady: () => isRedisReady(port),
  })
}
