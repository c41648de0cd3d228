import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram, type Environment } from './find-program.ts'
import { deployDirectory } from './jar-list.ts'
import { LocalError } from './local-error.ts'
import { runProgram } from './run-program.ts'

const copyGoal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
/** How long a silent server may keep a download waiting; Maven's own default is half an hour. */
const silenceMsMax = 60_000
const connectMsMax = 20_000
const faultCharactersMax = 400

/** @throws {LocalError} where there is no Maven */
export async function findMaven(env: Environment): Promise<string> {
  const path = await findProgram('mvn', env)
  if (path !== undefined) return path
  throw new LocalError(
    'There is no Maven (mvn) on the PATH, and Neo4j is fetched with it. ' +
      'Install it (Debian and Ubuntu: apt-get install maven; macOS: brew install maven) and run again.',
  )
}

export interface MavenCopy {
  maven: string
  env: Environment
  /** Where the jars go. */
  directory: string
  /** A local repository of this copy's own, for where the user's is damaged. */
  ownRepository?: string
  stopSignal: AbortSignal
  onLine: (line: string) => void
}

/**
 * Copies the jars of deploy/local/pom.xml into a directory; what is wrong in transit fails (strict checksums).
 * @throws {LocalError} with what Maven said
 */
export async function copyJars({ maven, env, directory, ownRepository, stopSignal, onLine }: MavenCopy) {
  const args = [
    '--batch-mode',
    '--strict-checksums',
    `--file=${fileURLToPath(new URL('pom.xml', deployDirectory))}`,
    `-Dmaven.wagon.rto=${silenceMsMax}`,
    `-Daether.connector.requestTimeout=${silenceMsMax}`,
    `-Daether.connector.connectTimeout=${connectMsMax}`,
    ...(ownRepository === undefined ? [] : [`-Dmaven.repo.local=${ownRepository}`]),
    copyGoal,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${directory}`,
  ]
  const { isOk, lines } = await runProgram({ command: maven, args, env, stopSignal, onLine })
  if (ownRepository !== undefined) await rm(ownRepository, { recursive: true, force: true })
  if (isOk) return
  throw new LocalError(
    `Maven could not fetch Neo4j: ${toMavenFault(lines)}\n` +
      'Nothing half made is left. Check the network (and Maven’s proxy and mirror, in ~/.m2/settings.xml), and run again: ' +
      'what came through is kept by Maven.',
  )
}

/** What Maven's output says went wrong, in one line and without addresses. */
export function toMavenFault(lines: readonly string[]): string {
  if (lines.some((line) => line.includes('No space left on device'))) {
    return 'the disk is full. Make room first (also under ~/.m2, where Maven keeps its copy).'
  }
  const plain = lines.map(withoutColour)
  const first =
    plain.find((line) => line.startsWith('[ERROR] ')) ??
    plain.findLast((line) => line.trim() !== '') ??
    'nothing said.'
  return first
    .replace('[ERROR] ', '')
    .replace(/^Failed to execute goal ((?!on )\S+ (\([^)]*\) )?)?on project \S+: /, '')
    .replace(/(from|from\/to) \S+ \(https?:[^)]*\)/g, '$1 the repository')
    .replace(/https?:\/\/\S+/g, '(address)')
    .replace(/ -> \[Help \d+\]$/, '')
    .slice(0, faultCharactersMax)
}

function withoutColour(line: string): string {
  return line.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '')
}

/** The jar that a line of Maven's output says has arrived. */
export function toArrivedJar(line: string): string | undefined {
  return /^\[INFO\] Downloaded from .*\/([^/ ]+\.jar) \(/.exec(withoutColour(line))?.[1]
}

/** Where a copy keeps its own repository while it runs. */
export function toOwnRepository(directory: string): string {
  return join(directory, 'repository')
}
