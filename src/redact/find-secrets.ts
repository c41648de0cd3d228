import { pointerTo } from '../openlineage/json-pointer.ts'
import { endOfString, isScalarEnd, isSpace, jsonSigns } from '../openlineage/json-tokens.ts'
import type { NameTest } from './name-test.ts'
import { isRedacted, redactionMark, redactUrls } from './redact-urls.ts'
import { placeOfItem, placeOfMember, type SecretPlace } from './secret-places.ts'

export interface SecretNames {
  /** Of settings: environment variables, properties. */
  isSecretSetting: NameTest
  /** Of parameters of URLs, and of members of custom facets. */
  isSecretParameter: NameTest
}

/** A token of the text that has a secret in it, and what is to stand there. */
export interface SecretToken {
  start: number
  end: number
  replacement: string
  pointer: string
}

/** An object or an array that we are in. */
interface Level {
  isObject: boolean
  place: SecretPlace
  /** Of an object: whether a key comes next, and the last one. */
  expectsKey: boolean
  key: string
  /** Of an array: the number of the item. */
  index: number
  /** Of an array: whether the name before it says that its items are secrets. */
  isSecretList: boolean
  /** Of an object in `pairs`: whether its name is that of a secret, and its values, of which that decides. */
  isSecretPair: boolean
  values: Omit<SecretToken, 'replacement'>[]
}

interface Walk {
  text: string
  names: SecretNames
  levels: Level[]
  found: SecretToken[]
}

const { quote, comma, openBrace, closeBrace, openBracket, closeBracket } = jsonSigns
const colon = 0x3a
const secretText = JSON.stringify(redactionMark)
/** Of later ones nobody hears where they are: it would make a text of a million secrets slow. */
const pointersMax = 100

/**
 * The tokens of an event's text that hold secrets, in their order. The text is walked and not parsed: what is found can be replaced
 * in it, and a member that stands twice is found twice.
 */
export function findSecrets(text: string, names: SecretNames): SecretToken[] {
  const walk: Walk = { text, names, levels: [], found: [] }
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === colon || isSpace(code)) at += 1
    else if (code === comma) {
      passComma(walk.levels.at(-1))
      at += 1
    } else if (code === openBrace || code === openBracket) {
      enterLevel(walk, { isObject: code === openBrace })
      at += 1
    } else if (code === closeBrace || code === closeBracket) {
      leaveLevel(walk)
      at += 1
    } else {
      const end = code === quote ? endOfString(text, at) : endOfWord(text, at)
      takeScalar(walk, { start: at, end })
      at = end
    }
  }
  return walk.found.toSorted((a, b) => a.start - b.start)
}

function enterLevel({ levels, names }: Walk, { isObject }: { isObject: boolean }): void {
  const outer = levels.at(-1)
  const place = outer === undefined ? 'text' : placeIn(outer)
  const isSecretList = !isObject && outer?.isObject === true && isSecretName(outer, names)
  levels.push({
    isObject,
    place,
    expectsKey: isObject,
    key: '',
    index: 0,
    isSecretList,
    isSecretPair: false,
    values: [],
  })
}

function placeIn({ isObject, place, key }: Level): SecretPlace {
  return isObject ? placeOfMember(place, key) : placeOfItem(place)
}

function leaveLevel(walk: Walk): void {
  const level = walk.levels.pop()
  for (const value of level?.values ?? []) {
    const replacement = level?.isSecretPair === true ? withoutValue(walk, value) : withoutUrls(walk, value)
    if (replacement !== undefined) walk.found.push({ ...value, replacement })
  }
}

function passComma(level: Level | undefined): void {
  if (level === undefined) return
  level.expectsKey = level.isObject
  level.index += 1
}

function takeScalar(walk: Walk, token: { start: number; end: number }): void {
  const level = walk.levels.at(-1)
  const isKey = level?.isObject === true && level.expectsKey
  if (isKey) {
    level.key = redactUrls(readString(walk.text, token), walk.names.isSecretParameter)
    level.expectsKey = false
  } else if (level?.isObject === true && level.place === 'pairs') {
    const { key } = level
    if (key === 'value') {
      level.values.push({ ...token, pointer: toPointer(walk) })
      return
    }
    const isName = key === 'name' || key === 'key'
    if (isName && walk.names.isSecretSetting(readString(walk.text, token))) level.isSecretPair = true
  }
  const isSecret = !isKey && level !== undefined && isSecretHere(level, walk)
  const replacement = isSecret ? withoutValue(walk, token) : withoutUrls(walk, token)
  if (replacement !== undefined) walk.found.push({ ...token, replacement, pointer: toPointer(walk) })
}

function isSecretHere(level: Level, { names }: Walk): boolean {
  return level.isObject ? isSecretName(level, names) : level.isSecretList
}

/** Whether the member that an object is at has the name of a secret. */
function isSecretName({ place, key }: Level, { isSecretSetting, isSecretParameter }: SecretNames): boolean {
  if (place === 'properties') return isSecretSetting(key)
  return place === 'custom' && isSecretParameter(key)
}

/** What stands in the place of a secret value; undefined for one that is none, such as true or null. */
function withoutValue({ text }: Walk, token: { start: number; end: number }): string | undefined {
  const first = text.charCodeAt(token.start)
  if (first === quote) return isRedacted(readString(text, token)) ? undefined : secretText
  return isNumberStart(first) ? secretText : undefined
}

function withoutUrls({ text, names }: Walk, token: { start: number; end: number }): string | undefined {
  if (text.charCodeAt(token.start) !== quote) return undefined
  const value = readString(text, token)
  const redacted = redactUrls(value, names.isSecretParameter)
  return redacted === value ? undefined : JSON.stringify(redacted)
}

/** The value of a string's token; of another token its text. */
function readString(text: string, { start, end }: { start: number; end: number }): string {
  if (text.charCodeAt(start) !== quote) return text.slice(start, end)
  const inside = text.slice(start + 1, end - 1)
  return inside.includes('\\') ? String(JSON.parse(text.slice(start, end))) : inside
}

function endOfWord(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && !isScalarEnd(text.charCodeAt(at))) at += 1
  return at
}

function isNumberStart(code: number): boolean {
  return code === 0x2d || (code >= 0x30 && code <= 0x39)
}

function toPointer({ levels, found }: Walk): string {
  if (found.length >= pointersMax) return ''
  return levels.reduce((at, { isObject, key, index }) => pointerTo(at, isObject ? key : index), '#')
}
