import { randomBytes } from 'node:crypto'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataDir } from './data-dir.ts'
import { diskFullSentence } from './disk-space.ts'
import type { Environment } from './find-program.ts'
import { LocalError } from './local-error.ts'
import type { Neo4jMemory } from './memory.ts'
import { toNeo4jConf, toNeo4jJavaArgs, type Neo4jPorts } from './neo4j-conf.ts'
import { readIfThere } from './process-record.ts'
import { runProgram } from './run-program.ts'
import { writeWholeFile } from './write-whole-file.ts'

const passwordBytes = 18

export interface Neo4jHome {
  dataDir: DataDir
  ports: Neo4jPorts
  memory: Neo4jMemory
  java: string
  jarPaths: readonly string[]
  env: Environment
  stopSignal: AbortSignal
}

export interface PreparedNeo4j {
  password: string
  /** The file of arguments that java starts the server with. */
  javaArgsPath: string
  env: Environment
}

/** Writes what the server reads at its start; at the first one also generates its password and tells it. */
export async function prepareNeo4j(home: Neo4jHome): Promise<PreparedNeo4j> {
  const { dataDir, memory, ports, jarPaths } = home
  const confDir = dataDir.neo4jConfDir
  await writeWholeFile(join(confDir, 'neo4j.conf'), toNeo4jConf({ ...ports, ...memory }))
  const launch = { heapMb: memory.heapMb, jarPaths, homeDir: dataDir.root, confDir }
  const javaArgsPath = join(dataDir.neo4jDir, 'java.args')
  await writeWholeFile(javaArgsPath, toNeo4jJavaArgs(launch))
  const env = toNeo4jEnv(home)
  const passwordPath = join(dataDir.neo4jDir, 'password')
  const password = await providePassword(passwordPath)
  const isFirstStart = !(await isThere(join(dataDir.neo4jDir, 'data', 'databases')))
  if (isFirstStart) await setInitialPassword({ ...home, env, passwordPath })
  return { password, javaArgsPath, env }
}

/** The password lives in a file of its own: connection.json may describe another Neo4j from start to start. */
async function providePassword(path: string): Promise<string> {
  const found = (await readIfThere(path))?.trim()
  if (found) return found
  // Hexadecimal: Neo4j's command takes a password that begins with a dash for one of its options.
  const password = randomBytes(passwordBytes).toString('hex')
  await writeWholeFile(path, password)
  return password
}

type FirstPassword = Pick<Neo4jHome, 'java' | 'jarPaths' | 'stopSignal' | 'env'> & { passwordPath: string }

/** The @ makes the command read the password from the file, so that it is on no command line. */
async function setInitialPassword({ java, jarPaths, env, stopSignal, passwordPath }: FirstPassword) {
  const args = ['-cp', jarPaths.join(':'), 'org.neo4j.cli.AdminTool']
  args.push('dbms', 'set-initial-password', `@${passwordPath}`)
  const { isOk, lines } = await runProgram({ command: java, args, env, stopSignal })
  if (isOk) return
  if (lines.some((line) => line.includes('No space left on device'))) throw new LocalError(diskFullSentence)
  const reason = lines.find((line) => line.trim() !== '') ?? 'it said nothing'
  throw new LocalError(`Neo4j did not take its first password: ${reason}`)
}

function toNeo4jEnv({ env, dataDir }: Neo4jHome): Environment {
  return {
    ...env,
    // Without a UTF-8 locale Java cannot open a path that has an umlaut in it.
    ...(process.platform === 'linux' ? { LC_ALL: 'C.UTF-8' } : {}),
    NEO4J_HOME: dataDir.root,
    NEO4J_CONF: dataDir.neo4jConfDir,
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
