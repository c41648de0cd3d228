import { spawn } from 'node:child_process'
import { readConnection } from './connection-file.ts'
import { toDataDir } from './data-dir.ts'
import type { Environment } from './find-program.ts'
import { findJava } from './java.ts'
import { LocalError } from './local-error.ts'
import { provideNeo4jJars } from './neo4j-jars.ts'

export interface CypherShellStart {
  dataDir: string
  /** Passed on to cypher-shell. */
  args: readonly string[]
  env: Environment
  say: (line: string) => void
}

/**
 * Runs Neo4j's cypher-shell on the graph of DATA_DIR/connection.json, with this process' terminal; resolves to its exit code.
 * @throws {LocalError} where there is no such graph, or no Java
 */
export async function runCypherShell({ dataDir, args, env, say }: CypherShellStart): Promise<number> {
  const { root, connectionPath } = toDataDir(dataDir)
  const connection = await readConnection(connectionPath)
  if (connection === undefined) {
    throw new LocalError(
      `There is no ${connectionPath}. Run npm run up first, or set DATA_DIR to where it keeps its data.`,
    )
  }
  const { path: java } = await findJava(env)
  const stopSignal = new AbortController().signal
  const { paths } = await provideNeo4jJars({ env, programDirs: [root], say, stopSignal })
  const child = spawn(java, ['-cp', paths.join(':'), 'org.neo4j.shell.Main', ...args], {
    stdio: 'inherit',
    // Not on the command line, where others could read the password.
    env: {
      ...env,
      NEO4J_URI: connection.neo4jUri,
      NEO4J_USERNAME: connection.neo4jUser,
      NEO4J_PASSWORD: connection.neo4jPassword,
      NEO4J_DATABASE: connection.neo4jDatabase,
    },
  })
  // Ctrl-C in the shell ends a statement, not the shell: the terminal sends it to both.
  process.on('SIGINT', () => undefined)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
