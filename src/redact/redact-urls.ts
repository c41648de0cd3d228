import type { NameTest } from './name-test.ts'

/** What stands in the place of a secret. */
export const redactionMark = '***'

/**
 * A text without the passwords of its URLs and the secret ones among their parameters: `postgres://etl:***@db/sales?sslmode=require`,
 * `jdbc:sqlserver://db;user=etl;password=***`, `https://x.blob.core.windows.net/c/f.csv?sig=***`. Where there is none, the text itself.
 */
export function redactUrls(text: string, isSecretParameter: NameTest): string {
  const redacted = text.includes('@')
    ? text.replaceAll(userInfo, toMarked).replaceAll(oracleUserInfo, toMarked)
    : text
  if (!redacted.includes('=')) return redacted
  return redacted.replaceAll(parameter, (whole, before: string, name: string, value: string) =>
    isSecretParameter(decodeName(name)) && !isRedacted(value) ? `${before}${name}=${redactionMark}` : whole,
  )
}

/** Whether something in an event's text is redacted, by us or by its producer. */
export function hasRedactions(text: Buffer): boolean {
  if (!text.includes(redactionMark)) return false
  return /"\*\*\*"|:\*\*\*@|\/\*\*\*@|=\*\*\*(?!\*)/.test(text.toString('latin1'))
}

/** Whether a value is no secret any more: some producers redact by themselves. */
export function isRedacted(value: string): boolean {
  return /^(?:\*+(?:\(redacted\))?|\[?redacted\]?)?$/i.test(value)
}

/*
 * Each begins at a sign that is rare and ends soon, so that a text of many megabytes is read through once. A password with a slash in
 * it, which a URL must not have, is not told from a path.
 */
const userInfo = /(:\/\/[^\s/?#:@"'<>]{0,256}:)([^\s/?#"'<>]{1,4096})@/g
const oracleUserInfo = /(jdbc:oracle:[a-z0-9]{1,16}:[^\s/@"']{0,256}\/)([^\s@"'/]{1,256})@/gi
const parameter = /([?&;#])([\w.%-]{1,100})=([^\s&;#"'<>]+)/g

function toMarked(whole: string, before: string, password: string): string {
  return isRedacted(password) ? whole : `${before}${redactionMark}@`
}

function decodeName(name: string): string {
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
