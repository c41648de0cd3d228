import { endOfNested, endOfString, jsonSigns, skipSpace } from '../openlineage/json-tokens.ts'
import { findSecrets, type SecretToken } from './find-secrets.ts'
import { toNameTest, toNameTrace } from './name-test.ts'
import { settingsFacets } from './secret-places.ts'

export interface Redaction {
  /** The event's text without its secrets: every other byte is as it was. */
  text: Buffer
  /** How many values were changed. */
  count: number
  /** Where they are, as JSON pointers: the first of them. */
  pointers: string[]
}

/** Takes the secrets out of an event's text, which has to be JSON; undefined where it has none. */
export type Redactor = (text: Buffer) => Redaction | undefined

export interface RedactorSettings {
  /** Patterns of names of environment variables and properties, as in `toNameTest`. */
  names: readonly string[]
  /** Likewise of parameters of URLs, and of members of custom facets. */
  parameters: readonly string[]
}

const userInfo = /:\\?\/\\?\/[^\s/?#:@"]{0,256}:[^\s/?#"]{1,4096}@/
const disguised = /\\u00[2-7]/

/** An answer lists a few warnings: others shall have room too. */
const pointersToldMax = 5

export const redactNothing: Redactor = () => undefined

/** Most events have no secret: a regular expression over their text says so, and nothing more is done with them. */
export function createRedactor({ names, parameters }: RedactorSettings): Redactor {
  const mayHold = toQuickTest({ names, parameters })
  const tests = { isSecretSetting: toNameTest(names), isSecretParameter: toNameTest(parameters) }
  return (text) => {
    // What is looked for is ASCII, and as Latin-1 the text is searched without being decoded.
    if (!mayHold(text.toString('latin1'))) return undefined
    const whole = text.toString('utf8')
    const secrets = findSecrets(whole, tests)
    if (secrets.length === 0) return undefined
    const pointers = secrets.slice(0, pointersToldMax).map(({ pointer }) => pointer)
    return { text: Buffer.from(replaceTokens(whole, secrets)), count: secrets.length, pointers }
  }
}

/** True for every text with a secret, and for few others. */
function toQuickTest({ names, parameters }: RedactorSettings): (text: string) => boolean {
  const trace = toTrace(parameters)
  const nameTraces = toAlternatives(names)
  const nameTrace = nameTraces === undefined ? undefined : new RegExp(nameTraces, 'i')
  const settingsFacet = new RegExp(`"(?:${settingsFacets.join('|')})"`, 'g')
  return (text) => {
    if (trace.test(text) || mayHoldUser(text) || isDisguised(text)) return true
    if (nameTrace === undefined) return false
    for (const { index } of text.matchAll(settingsFacet)) {
      if (nameTrace.test(memberFrom(text, index))) return true
    }
    return false
  }
}

/** What every text has that holds a secret by name outside of settings: a parameter or a member that is named so. */
function toTrace(parameters: readonly string[]): RegExp {
  const traces = toAlternatives(parameters)
  const named = traces === undefined ? [] : [`(?:${traces})[^"=]{0,100}(?:=|"\\s*:)`]
  return new RegExp(['jdbc:oracle:', ...named].join('|'), 'i')
}

/*
 * A text has seldom a sign of these two, and to look for one character takes no time, unlike to ask a regular expression at each.
 */

/** A user and a password before a host. */
function mayHoldUser(text: string): boolean {
  return text.includes('@') && userInfo.test(text)
}

/** Letters in disguise (`\u003d` for `=`), of which we cannot tell without reading. */
function isDisguised(text: string): boolean {
  return text.includes('\\u00') && disguised.test(text)
}

function toAlternatives(patterns: readonly string[]): string | undefined {
  return patterns.length === 0 ? undefined : [...new Set(patterns.map(toNameTrace))].join('|')
}

/** The text of the object or array behind a key; empty where there is none. */
function memberFrom(text: string, keyStart: number): string {
  const colon = skipSpace(text, endOfString(text, keyStart))
  const start = skipSpace(text, colon + 1)
  const code = text.charCodeAt(start)
  const isNested = code === jsonSigns.openBrace || code === jsonSigns.openBracket
  return isNested ? text.slice(start, endOfNested(text, start)) : ''
}

function replaceTokens(text: string, tokens: readonly SecretToken[]): string {
  const parts: string[] = []
  let from = 0
  for (const { start, end, replacement } of tokens) {
    parts.push(text.slice(from, start), replacement)
    from = end
  }
  parts.push(text.slice(from))
  return parts.join('')
}
