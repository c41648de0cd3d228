import { scopes, type Scope } from './access.ts'

/** A key and what it may do, as API_KEYS and API_KEYS_FILE say it. */
export interface KeyLine {
  key: string
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

/**
 * Reads `s3cr3t`, `s3cr3t send`, `s3cr3t read+admin` or `s3cr3t read namespaces=s3://finance|warehouse`: the key, what it may do, and
 * the namespaces that it is limited to. A key alone may do everything. Blanks, commas, bars and percent signs of a namespace are
 * percent-encoded.
 */
export function readKeyLine(text: string): ReadKeyLine {
  const [key = '', ...words] = text.trim().split(/\s+/)
  const mistakes: string[] = []
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
  return { line: { key, scopes: words.length === 0 ? new Set(scopes) : said, namespaces }, mistakes }
}

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
