import { join } from 'node:path'
import { findProgram, isProgram, type Environment } from './find-program.ts'
import { LocalError } from './local-error.ts'
import { runProgram } from './run-program.ts'

/** The oldest Java that Neo4j 5.26 runs on. */
const javaMajorMin = 17

const howToGetJava =
  'Install a Java of at least 17 (Debian and Ubuntu: apt-get install openjdk-17-jre-headless; ' +
  'macOS: brew install openjdk@17), or set JAVA_HOME to one.'

export interface Java {
  path: string
  major: number
}

/**
 * The Java that JAVA_HOME names, else the one on the PATH.
 * @throws {LocalError} where there is none, or one too old for Neo4j
 */
export async function findJava(env: Environment): Promise<Java> {
  const path = await findJavaPath(env)
  const { isOk, lines } = await runProgram({ command: path, args: ['-version'], env })
  const major = toJavaMajor(lines.join('\n'))
  if (!isOk || major === undefined) {
    throw new LocalError(`${path} does not tell its version, so it is of no use to Neo4j. ${howToGetJava}`)
  }
  if (major < javaMajorMin) {
    throw new LocalError(
      `${path} is Java ${major}, but Neo4j needs at least Java ${javaMajorMin}. ${howToGetJava}`,
    )
  }
  return { path, major }
}

async function findJavaPath(env: Environment): Promise<string> {
  const home = env['JAVA_HOME'] ?? ''
  if (home !== '') {
    const path = join(home, 'bin', 'java')
    if (await isProgram(path)) return path
    throw new LocalError(
      `JAVA_HOME is ${home}, but there is no bin/java in it. Correct JAVA_HOME, or unset it to use the Java on the PATH.`,
    )
  }
  const path = await findProgram('java', env)
  if (path === undefined) throw new LocalError(`There is no Java, and Neo4j runs on it. ${howToGetJava}`)
  return path
}

/** The feature release in the answer of `java -version`: 17 of "17.0.15", 8 of "1.8.0_392". */
export function toJavaMajor(answer: string): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(answer)
  return found === null ? undefined : Number(found[1])
}
