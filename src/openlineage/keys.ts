import { hash } from 'node:crypto'

/** What the standard names by namespace and name: a job or a dataset. */
export interface EntityName {
  namespace: string
  name: string
}

/** The one string that identifies a job or a dataset within its kind. Two of them sort and compare as strings. */
export type EntityKey = string

export function toEntityKey({ namespace, name }: EntityName): EntityKey {
  return JSON.stringify([namespace, name])
}

/** The names of a batch are asked for again and again, with each of their edges. */
const namesByKey = new Map<EntityKey, Readonly<EntityName>>()
const namesKnownMax = 5000

/**
 * The namespace and name behind a key.
 * @throws {TypeError} where the key was not made by `toEntityKey`
 */
export function fromEntityKey(key: EntityKey): Readonly<EntityName> {
  const known = namesByKey.get(key)
  if (known !== undefined) return known
  const name = parseEntityKey(key)
  if (namesByKey.size >= namesKnownMax) namesByKey.clear()
  namesByKey.set(key, name)
  return name
}

function parseEntityKey(key: EntityKey): EntityName {
  const parts: unknown = JSON.parse(key)
  if (!Array.isArray(parts)) throw new TypeError(`not an entity key: ${key}`)
  const [namespace, name]: unknown[] = parts
  if (typeof namespace !== 'string' || typeof name !== 'string')
    throw new TypeError(`not an entity key: ${key}`)
  return { namespace, name }
}

/** Characters of a content key: 128 bits, so that two contents never meet by chance. */
const CONTENT_KEY_LENGTH = 32

/** A longer name would not fit an index of the graph (its keys end near 8 KB). */
export const NAME_BYTES_MAX = 4096

/**
 * Whether a name can have a node: not empty, and short enough. Events with other names are refused at the door, but the standard
 * lets facets name what they like.
 */
export function isNodeName(entity: EntityName): boolean {
  return entity.namespace !== '' && entity.name !== '' && !isTooLong(entity)
}

/** Whether namespace and name together take more bytes than an index takes. */
export function isTooLong({ namespace, name }: EntityName): boolean {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  if ((namespace.length + name.length) * 3 <= NAME_BYTES_MAX) return false
  return Buffer.byteLength(namespace) + Buffer.byteLength(name) > NAME_BYTES_MAX
}

/** A short key for a text: equal texts, equal keys. SHA-256, its first 32 hex characters. */
export function toContentKey(text: string): string {
  return hash('sha256', text, 'hex').slice(0, CONTENT_KEY_LENGTH)
}

/** The name that Spark's first event carries before the application knows its own. It never wins over a real one. */
const UNKNOWN_JOB_NAME = 'unknown'

export function isUnknownJob(job: EntityName): boolean {
  return job.name === UNKNOWN_JOB_NAME
}
