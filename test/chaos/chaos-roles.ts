import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../src/local/ports.ts'
import { isAnswering } from '../../src/local/probes.ts'
import type { ChaosStack, ClockName, LinkName, ProcessName } from './chaos-stack.ts'
import { ManagedProcess } from './managed-process.ts'

const mainPath = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

interface RoleParts extends Pick<ChaosStack, 'prefix' | 'neo4j' | 'links' | 'clocks'> {
  /** Where their logs are. */
  dir: string
  receiverPort: number
}

interface Role {
  name: ProcessName
  command: 'serve' | 'work'
  clock: ClockName
  link: LinkName
  port: number
}

/** A receiver and two workers: the built program, as it is started by hand, with proxies where it thinks Redis and Neo4j are. */
export async function createChaosRoles(parts: RoleParts): Promise<{
  processes: [ProcessName, ManagedProcess][]
  healthUrls: string[]
}> {
  const ofWorkers = { command: 'work', clock: 'workers', link: 'workers to Redis' } as const
  const roles: Role[] = [
    { name: 'worker 1', ...ofWorkers, port: await findFreePort() },
    { name: 'worker 2', ...ofWorkers, port: await findFreePort() },
    {
      name: 'receiver',
      command: 'serve',
      clock: 'receiver',
      link: 'receiver to Redis',
      port: parts.receiverPort,
    },
  ]
  return {
    processes: roles.map((role) => [role.name, createRole(role, parts)]),
    healthUrls: roles.map(({ port }) => `http://127.0.0.1:${port}/health/ready`),
  }
}

function createRole({ name, command, clock, link, port }: Role, parts: RoleParts): ManagedProcess {
  const { dir, prefix, neo4j, links, clocks } = parts
  return new ManagedProcess({
    name,
    command: process.execPath,
    args: [mainPath, command],
    env: {
      ...process.env,
      ...clocks[clock].env,
      REDIS_URL: `redis://127.0.0.1:${links[link].port}`,
      NEO4J_URI: `bolt://127.0.0.1:${links['workers to Neo4j'].port}`,
      NEO4J_USER: neo4j.user,
      NEO4J_PASSWORD: neo4j.password,
      QUEUE_PREFIX: prefix,
      [command === 'serve' ? 'PORT' : 'WORKER_PORT']: String(port),
    },
    logPath: join(dir, `${name}.log`),
    isReady: () => isAnswering(`http://127.0.0.1:${port}/health/live`),
  })
}
