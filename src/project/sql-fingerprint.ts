import { toContentKey } from '../openlineage/keys.ts'

/** Literals, comments and white space: what differs between two runs of one statement. */
const literalPattern = /'(?:[^']|'')*'|\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g
const commentPattern = /--[^\n]*|\/\*[\s\S]*?\*\//g

/**
 * A key for a statement's shape. Literals, comments and layout do not count, so that a daily statement with its date in it is
 * one piece of code; names and keywords do.
 */
export function toSqlFingerprint(query: string): string {
  const shape = query.replace(commentPattern, ' ').replace(literalPattern, '?').replace(/\s+/g, ' ').trim()
  return toContentKey(shape)
}
