import { hash } from 'node:crypto'
import { scopes, type Scope } from './access.ts'

/** A key and what it may do, as API_KEYS and API_KEYS_FILE say it. */
export interface KeyLine {
  /** Undefined where the line has its hash in its place. */
  key: string | undefined
  /** Its SHA-256, in hexadecimal. */
  hash: string
  scopes: ReadonlySet<Scope>
  /** Those that it may read of; undefined where it is not limited. */
  namespaces: readonly string[] | undefined
}

export interface ReadKeyLine {
  line: KeyLine
  /** What is wrong with the line: sentences that go on behind the line's place, and never have a word of it, for each may be a key. */
  mistakes: readonly string[]
}

const namespacesMark = 'namespaces='

/** What stands before the hash of a key: the file of keys need not hold any. */
const hashMark = 'sha256:'

/** The SHA-256 of a key as a line may have it in the key's place. */
export function toHashedKey(key: string): string {
  return `${hashMark}${hash('sha256', key, 'hex')}`
}

/**
 * Reads `s3cr3t`, `s3cr3t send`, `s3cr3t read+admin` or `s3cr3t read namespaces=s3://finance|warehouse`: the key, what it may do, and
 * the namespaces that it is limited to. A key alone may do everything; `sha256:…` is the hash of one. Blanks, commas, bars and percent signs of a namespace are
 * percent-encoded.
 */
export function readKeyLine(text: string): ReadKeyLine {
  const [first = '', ...words] = text.trim().split(/\s+/)
  const named = readKey(first)
  const mistakes: string[] = named === undefined ? [`word 1 ${hashExpected}`] : []
  const said = new Set<Scope>()
  let namespaces: readonly string[] | undefined
  for (const [index, word] of words.entries()) {
    const place = `word ${index + 2}`
    if (word.startsWith(namespacesMark)) {
      if (namespaces !== undefined) mistakes.push(`${place} is a second list of namespaces: one is allowed.`)
      namespaces = readNamespaces(word.slice(namespacesMark.length))
      if (namespaces.length === 0) mistakes.push(`${place} ${namespacesExpected}`)
      continue
    }
    const found = readScopes(word)
    if (found === undefined) mistakes.push(`${place} ${wordExpected}`)
    else for (const scope of found) said.add(scope)
  }
  if (mistakes.length === 0 && namespaces !== undefined) mistakes.push(...toLimitMistakes(said))
  return {
    line: { ...(named ?? unreadable), scopes: words.length === 0 ? new Set(scopes) : said, namespaces },
    mistakes,
  }
}

/** A key, or its hash; undefined where it should be a hash and is none. */
function readKey(word: string): Pick<KeyLine, 'key' | 'hash'> | undefined {
  if (!word.toLowerCase().startsWith(hashMark)) return { key: word, hash: hash('sha256', word, 'hex') }
  const hex = word.slice(hashMark.length).toLowerCase()
  return /^[0-9a-f]{64}$/.test(hex) ? { key: undefined, hash: hex } : undefined
}

const unreadable = { key: undefined, hash: '' }
const hashExpected = 'begins as a hash: sha256: has to be followed by 64 hexadecimal digits.'
const wordExpected = `must be scopes (${scopes.join(', ')}; several joined by +) or namespaces=….`
const namespacesExpected =
  'must name namespaces, joined by |, with blanks, commas, bars and percent signs of theirs as %20, %2C, %7C and %25.'

/** What one namespace cannot hold is for who sees all of them. */
function toLimitMistakes(said: ReadonlySet<Scope>): string[] {
  if (said.has('admin')) return ['it cannot have admin, which acts on all namespaces, and namespaces.']
  return said.has('read') ? [] : ['namespaces limit what it reads, so it has to have read.']
}

function readScopes(word: string): Scope[] | undefined {
  const found = word.split('+').map((part) => scopes.find((scope) => scope === part))
  return found.every((scope) => scope !== undefined) ? found : undefined
}

/** Empty where any of them cannot be read: half of a limit is none. */
function readNamespaces(text: string): string[] {
  const namespaces = text.split('|').map(decode)
  return namespaces.includes('') ? [] : namespaces
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
