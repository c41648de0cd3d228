/** What a key may do: send events; ask questions; change what people may change (dead letters, tags, hidden things). */
export type Scope = 'send' | 'read' | 'admin'

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
