import { Problem } from './problem.ts'

/** What a key may do: send events; ask questions; change what people may change (dead letters, tags, hidden things). */
export const scopes = ['send', 'read', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** Who asks, as far as answers depend on it. */
export interface Reader {
  /** Whether this reader may see jobs and datasets of a namespace. */
  sees(namespace: string): boolean
  /** Undefined where the reader sees everything: statements may then leave the filter out. */
  namespaces: readonly string[] | undefined
}

/** Who may do what. */
export interface Access {
  /**
   * @throws {Problem} `key-unknown` without a key of this collector, `key-forbidden` where the key lacks the scope
   */
  require(authorization: string | undefined, scope: Scope): Reader
}

export const seesAll: Reader = { sees: () => true, namespaces: undefined }

/** Who sees these namespaces alone. */
export function seesOnly(namespaces: readonly string[]): Reader {
  const seen = new Set(namespaces)
  return { sees: (namespace) => seen.has(namespace), namespaces: [...seen] }
}

/**
 * For what is of all namespaces and cannot be told apart by them.
 * @throws {Problem} `key-forbidden` for a reader who is limited to some
 */
export function requireAllNamespaces({ namespaces }: Reader, { of }: { of: string }): void {
  if (namespaces === undefined) return
  const detail = `${of} are of all namespaces, and this key is limited to some. Use a key without namespaces=….`
  throw new Problem('key-forbidden', { detail })
}
