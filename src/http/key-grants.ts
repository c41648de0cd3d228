import { hash, timingSafeEqual } from 'node:crypto'
import { seesAll, seesOnly, type Access, type Reader, type Scope } from './access.ts'
import { readKeyLine, type KeyLine } from './key-line.ts'
import { Problem } from './problem.ts'

/** What a key may do. Of the key itself there is no more than its hash. */
export interface KeyGrant {
  hash: Buffer
  scopes: ReadonlySet<Scope>
  reader: Reader
}

/** A key's line, and where it stands: `API_KEYS, key 2`. */
export interface PlacedLine {
  text: string
  place: string
}

/** The grants of keys' lines, and everything that is wrong with these, in sentences without a key. */
export function readGrants(lines: readonly PlacedLine[]): { grants: KeyGrant[]; mistakes: string[] } {
  const mistakes: string[] = []
  const firsts = new Map<string, { line: KeyLine; place: string }>()
  for (const { text, place } of lines) {
    const { line, mistakes: found } = readKeyLine(text)
    mistakes.push(...found.map((mistake) => `${place}: ${mistake}`))
    const first = firsts.get(line.hash)
    if (first === undefined) firsts.set(line.hash, { line, place })
    else if (!isSameGrant(first.line, line)) {
      mistakes.push(`${place}: it is the key of ${first.place}, and may do something else there.`)
    }
  }
  return { grants: [...firsts.values()].map(({ line }) => toGrant(line)), mistakes }
}

/**
 * What the key of a request may do. Where there are no grants at all, everyone may do everything.
 * @throws {Problem} `key-unknown`, `key-forbidden`
 */
export function requireGrant(
  grants: readonly KeyGrant[],
  ...[authorization, scope]: Parameters<Access['require']>
): Reader {
  if (grants.length === 0) return seesAll
  const key = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1]?.trim()
  const grant = key === undefined ? undefined : findGrant(key, grants)
  if (grant === undefined) {
    throw new Problem('key-unknown', {
      detail: 'Send Authorization: Bearer <key> with a key of this collector.',
    })
  }
  if (grant.scopes.has(scope)) return grant.reader
  throw new Problem('key-forbidden', {
    detail: `This needs a key with the scope ${scope}; the one sent has ${[...grant.scopes].join(' and ')}.`,
  })
}

/** In constant time: hashes are of one length, and all are compared, whichever matches. */
function findGrant(key: string, grants: readonly KeyGrant[]): KeyGrant | undefined {
  // Node hands headers over as Latin-1, whatever the client meant; its bytes are the key's.
  const sent = hash('sha256', Buffer.from(key, 'latin1'), 'buffer')
  let found: KeyGrant | undefined
  for (const grant of grants) if (timingSafeEqual(sent, grant.hash)) found = grant
  return found
}

function toGrant({ hash: hex, scopes, namespaces }: KeyLine): KeyGrant {
  const reader = namespaces === undefined ? seesAll : seesOnly(namespaces)
  return { hash: Buffer.from(hex, 'hex'), scopes, reader }
}

function isSameGrant(a: KeyLine, b: KeyLine): boolean {
  return (
    sortedTexts(a.scopes) === sortedTexts(b.scopes) && sortedTexts(a.namespaces) === sortedTexts(b.namespaces)
  )
}

function sortedTexts(texts: Iterable<string> | undefined): string | undefined {
  return texts === undefined ? undefined : JSON.stringify([...texts].toSorted())
}
