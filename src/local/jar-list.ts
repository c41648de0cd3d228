import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { toErrorCode } from './error-code.ts'

/** Files hashed at a time. */
const filesAtATime = 8

export interface ListedJar {
  name: string
  sha256: string
}

/** deploy/local, from src/local as from dist/local. */
export const deployDirectory = new URL('../../deploy/local/', import.meta.url)

/** The jars that Neo4j is made of, as deploy/local/neo4j-jars.sha256 lists them. */
export async function readJarList(): Promise<ListedJar[]> {
  return toJarList(await readFile(new URL('neo4j-jars.sha256', deployDirectory), 'utf8'))
}

/** Lines as sha256sum writes them: the sum, two spaces, the name. */
export function toJarList(text: string): ListedJar[] {
  return text
    .split('\n')
    .map((line) => /^([0-9a-f]{64}) [ *](\S+)$/.exec(line))
    .flatMap((found) => (found?.[1] && found[2] ? [{ sha256: found[1], name: found[2] }] : []))
}

/** The names of the listed jars that a directory lacks, or holds with another content. */
export async function findDamagedJars(directory: string, jars: readonly ListedJar[]): Promise<string[]> {
  const damaged: string[] = []
  const waiting = jars.values()
  const checkOneByOne = async () => {
    for (const { name, sha256 } of waiting) {
      if ((await readSha256(join(directory, name))) !== sha256) damaged.push(name)
    }
  }
  await Promise.all(Array.from({ length: filesAtATime }, checkOneByOne))
  return damaged.toSorted()
}

async function readSha256(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
  return hash.digest('hex')
}
