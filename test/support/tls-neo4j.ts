import { spawn } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeDataDir, toDataDir } from '../../src/local/data-dir.ts'
import { findJava } from '../../src/local/java.ts'
import { prepareNeo4j } from '../../src/local/neo4j-home.ts'
import { provideNeo4jJars } from '../../src/local/neo4j-jars.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { eventually } from './eventually.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const tlsDir = join(root, 'test', 'fixtures', 'tls')
const readyMsMax = 300_000

/** A Neo4j that speaks Bolt inside of TLS alone, with the certificate `first`. */
export interface TlsNeo4j {
  port: number
  user: string
  password: string
  remove(): Promise<void>
}

export async function startTlsNeo4j(): Promise<TlsNeo4j> {
  const testDir = join(root, '.headwater-test')
  const dir = await mkdtemp(join(testDir, 'neo4j-tls-'))
  const dataDir = toDataDir(dir)
  await makeDataDir(dataDir)
  const ports = { boltPort: await findFreePort(), neo4jHttpPort: await findFreePort() }
  const { env } = process
  const stopSignal = new AbortController().signal
  const programDirs = [testDir, join(root, '.headwater')] as const
  const { path: java } = await findJava(env)
  const { paths: jarPaths } = await provideNeo4jJars({ env, programDirs, say: () => undefined, stopSignal })
  const memory = { heapMb: 384, pageCacheMb: 64 }
  const prepared = await prepareNeo4j({ dataDir, ports, memory, java, jarPaths, env, stopSignal })
  await demandTls(dir, join(dataDir.neo4jConfDir, 'neo4j.conf'))

  const server = spawn(java, [`@${prepared.javaArgsPath}`], { env: prepared.env, stdio: 'ignore' })
  const ended = once(server, 'exit')
  await eventually(() => isListening(ports.boltPort), { withinMs: readyMsMax })
  return {
    port: ports.boltPort,
    user: 'neo4j',
    password: prepared.password,
    async remove() {
      server.kill('SIGTERM')
      await ended
      await rm(dir, { recursive: true })
    },
  }
}

/** As Neo4j's manual says it: a key in PKCS #8, a certificate, a policy for Bolt, and nothing plain. */
async function demandTls(dir: string, confPath: string): Promise<void> {
  const certificates = join(dir, 'certificates')
  await mkdir(certificates)
  const key = createPrivateKey(await readFile(join(tlsDir, 'first.key')))
  await writeFile(join(certificates, 'private.key'), key.export({ type: 'pkcs8', format: 'pem' }))
  await copyFile(join(tlsDir, 'first.pem'), join(certificates, 'public.crt'))
  const conf = await readFile(confPath, 'utf8')
  await writeFile(confPath, conf.replace('server.bolt.tls_level=DISABLED', 'server.bolt.tls_level=REQUIRED'))
  await appendFile(
    confPath,
    `
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory=certificates
dbms.ssl.policy.bolt.private_key=private.key
dbms.ssl.policy.bolt.public_certificate=public.crt
dbms.ssl.policy.bolt.client_auth=NONE
`,
  )
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
