import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { firstStartBytesMin, requireDiskSpace, toDiskFullError } from './disk-space.ts'
import type { Environment } from './find-program.ts'
import { findDamagedJars, readJarList, type ListedJar } from './jar-list.ts'
import { LocalError } from './local-error.ts'
import { copyJars, findMaven, toArrivedJar, toOwnRepository } from './maven.ts'
import { isRunning } from './process-identity.ts'

/** The Neo4j of deploy/local/pom.xml: the same number there. */
export const neo4jVersion = '5.26.30'

const progressEveryMs = 5000
const jarsNamedMax = 3

export interface Neo4jJars {
  directory: string
  /** Every jar of the class path, in the order of the list. */
  paths: string[]
}

export interface JarSearch {
  env: Environment
  /** Directories that may hold the jars already; where none does, they are fetched into the first. */
  programDirs: readonly [string, ...string[]]
  say: (line: string) => void
  stopSignal: AbortSignal
}

/**
 * Finds Neo4j's jars, or fetches them. They are there whole and unchanged, or not at all.
 * @throws {LocalError} where they cannot be had
 */
export async function provideNeo4jJars({ env, programDirs, say, stopSignal }: JarSearch): Promise<Neo4jJars> {
  const jars = await readJarList()
  const found = await findWholeLibrary({ programDirs, jars, say })
  const directory = found ?? (await fetchLibrary({ env, into: programDirs[0], jars, say, stopSignal }))
  return { directory, paths: jars.map(({ name }) => join(directory, name)) }
}

/** DATA_DIR/neo4j-<version>/lib */
export function toLibraryPath(programDir: string): string {
  return join(programDir, `neo4j-${neo4jVersion}`, 'lib')
}

interface LibrarySearch {
  programDirs: readonly string[]
  jars: readonly ListedJar[]
  say: (line: string) => void
}

async function findWholeLibrary({ programDirs, jars, say }: LibrarySearch): Promise<string | undefined> {
  for (const programDir of programDirs) {
    const library = toLibraryPath(programDir)
    const damaged = await findDamagedJars(library, jars)
    if (damaged.length === 0) return library
    const isThere = damaged.length < jars.length
    if (isThere) say(`Neo4j's jars in ${library} are damaged (${toNames(damaged)}).`)
  }
  return undefined
}

interface LibraryFetch {
  env: Environment
  into: string
  jars: readonly ListedJar[]
  say: (line: string) => void
  stopSignal: AbortSignal
}

async function fetchLibrary({ env, into, jars, say, stopSignal }: LibraryFetch): Promise<string> {
  const maven = await findMaven(env)
  await mkdir(into, { recursive: true, mode: 0o700 })
  await removeLeftovers(into)
  await requireDiskSpace(into, firstStartBytesMin)
  say(
    `Fetching Neo4j ${neo4jVersion} with Maven: ${jars.length} jars, about 115 MB. The first time this takes minutes.`,
  )
  const partial = join(into, `${partialPrefix}${process.pid}`)
  try {
    const library = join(partial, 'lib')
    const onLine = createProgress({ jars, say })
    const copy = { maven, env, directory: library, stopSignal, onLine }
    await copyJars(copy)
    if ((await findDamagedJars(library, jars)).length > 0) {
      await fetchAfresh({ copy, jars, say })
    }
    return await moveIntoPlace(partial, into)
  } catch (error) {
    throw toDiskFullError(error) ?? error
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

interface FreshFetch {
  copy: Parameters<typeof copyJars>[0]
  jars: readonly ListedJar[]
  say: (line: string) => void
}

/** Maven checks what it downloads, but trusts its local repository: a file cut short there is copied as it is. */
async function fetchAfresh({ copy, jars, say }: FreshFetch): Promise<void> {
  const damagedThere = await findDamagedJars(copy.directory, jars)
  say(`Maven's local repository holds damaged jars (${toNames(damagedThere)}). Fetching all of them again.`)
  await rm(copy.directory, { recursive: true, force: true })
  await copyJars({ ...copy, ownRepository: toOwnRepository(join(copy.directory, '..')) })
  const damaged = await findDamagedJars(copy.directory, jars)
  if (damaged.length === 0) return
  throw new LocalError(
    `The download of Neo4j is broken: ${toNames(damaged)} differ from deploy/local/neo4j-jars.sha256. ` +
      'Nothing of it is kept. Run again; if it stays so, the repository that Maven uses (a mirror in ~/.m2/settings.xml?) serves other files.',
  )
}

/** Another start may have been faster: then its library serves as well. */
async function moveIntoPlace(partial: string, into: string): Promise<string> {
  const target = join(into, `neo4j-${neo4jVersion}`)
  await rm(target, { recursive: true, force: true })
  await rename(partial, target)
  return join(target, 'lib')
}

const partialPrefix = `neo4j-${neo4jVersion}.partial-`

/** What a start that was killed left half made. */
async function removeLeftovers(programDir: string): Promise<void> {
  for (const name of await readdir(programDir)) {
    if (!name.startsWith(partialPrefix)) continue
    const maker = Number(name.slice(partialPrefix.length))
    if (!isRunning(maker)) await rm(join(programDir, name), { recursive: true, force: true })
  }
}

function createProgress({ jars, say }: { jars: readonly ListedJar[]; say: (line: string) => void }) {
  const awaited = new Set(jars.map(({ name }) => name))
  let arrived = 0
  let saidAt = performance.now()
  return (line: string) => {
    const jar = toArrivedJar(line)
    if (jar === undefined || !awaited.has(jar)) return
    arrived += 1
    if (performance.now() - saidAt < progressEveryMs) return
    saidAt = performance.now()
    say(`  Neo4j: ${arrived} of ${jars.length} jars are here`)
  }
}

function toNames(names: readonly string[]): string {
  const rest = names.length - jarsNamedMax
  const named = names.slice(0, jarsNamedMax).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}
