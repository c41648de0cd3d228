import fc from 'fast-check'
import { isJsonObject } from '../../src/openlineage/json-object.ts'
import type { Random } from './random.ts'

/** A value that JSON.stringify cannot write stands in the text as it is. */
class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const wrongTypes: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  '',
  'text',
  [],
  {},
  [null],
  [[]],
  [{}],
  ['text'],
  { unexpected: {} },
  [1, 'a', null, {}],
]

const times = [
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00+99:99',
  '2026-01-01 00:00',
  '2026-01-01T00:00:00.1234567890123Z',
  '0001-01-01T00:00:00Z',
  '1e3',
  '20260101',
  '2026-13-01T00:00:00Z',
  'now',
]

const hostileValues: readonly unknown[] = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00\ud800',
  '\u{1f6b0}',
  '\u202Eabc',
  '\uFEFF',
  ' ',
  '\n',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "'}) MATCH (n) DETACH DELETE n //",
  '`]->() DELETE',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '%00',
  '\\',
  '"',
  'a'.repeat(4096),
  'é'.repeat(2049),
  'x'.repeat(70_000),
  'postgres://u:p@h',
  'https://h/?token=a',
  '*'.repeat(300),
  ...times,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_VALUE,
  Number.MAX_VALUE,
  -0,
  new Raw('1e400'),
  new Raw('-1e400'),
  new Raw('123456789012345678901234567890'),
  new Raw('0.1e-400'),
  new Raw('1E+2'),
  new Raw('"\\ud83d"'),
  new Raw('"\\u0000\\uFFFF"'),
  new Raw('{"a":1,"a":2}'),
  new Raw('{"__proto__":{"isAdmin":true}}'),
  new Raw('{"__proto__":null,"toString":1}'),
  { constructor: { prototype: { polluted: true } } },
  { toString: 1, valueOf: 1, hasOwnProperty: 1 },
  { length: 1e9 },
  { toJSON: 'x' },
]

const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '',
  ' ',
  '0',
  '-1',
  'length',
  '\u0000',
  '\ud800',
  '~1',
  'a/b',
  'a.b',
  '`',
  'k'.repeat(5000),
  '_deleted',
  '_producer',
  'facets',
  'namespace',
  'name',
  'DROP',
  '\u202e',
  "a'b",
  'then',
]

/** A place in a value: how it is read and replaced. */
interface Spot {
  parent: Record<string, unknown> | unknown[]
  key: string
}

function spotsOf(value: unknown, found: Spot[] = []): Spot[] {
  if (Array.isArray(value)) {
    for (const key of value.keys()) found.push({ parent: value, key: String(key) })
    for (const item of value as unknown[]) spotsOf(item, found)
  } else if (isJsonObject(value) && !(value instanceof Raw)) {
    for (const key of Object.keys(value)) found.push({ parent: value, key })
    for (const member of Object.values(value)) spotsOf(member, found)
  }
  return found
}

function set({ parent, key }: Spot, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A value of its own: they are put into each other. */
function anyOf(values: readonly unknown[], random: Random): unknown {
  const value = random.pick(values)
  return value instanceof Raw ? value : structuredClone(value)
}

/** Writes a value as JSON, with what stands raw in it. */
export function toText(value: unknown): string {
  const raws: string[] = []
  const text = JSON.stringify(value, (_key, member: unknown) => {
    if (!(member instanceof Raw)) return member
    raws.push(member.text)
    return `@raw${raws.length - 1}@`
  })
  return raws.reduce((written, raw, index) => written.replace(`"@raw${index}@"`, () => raw), text)
}

type Change = (spot: Spot, random: Random) => void

const changes: Readonly<Record<string, Change>> = {
  'wrong type': (spot, random) => set(spot, anyOf(wrongTypes, random)),
  'hostile value': (spot, random) => set(spot, anyOf(hostileValues, random)),
  'hostile key': ({ parent }, random) => {
    const value = random.chance(0.5) ? anyOf(hostileValues, random) : anyOf(wrongTypes, random)
    if (Array.isArray(parent)) parent.push(value)
    else set({ parent, key: random.pick(hostileKeys) }, value)
  },
  'member gone': ({ parent, key }) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else Reflect.deleteProperty(parent, key)
  },
  'duplicate key': (spot, random) => {
    const { parent, key } = spot
    if (Array.isArray(parent)) return
    const twice = `{${JSON.stringify(key)}:${toText(parent[key])},${JSON.stringify(key)}:${toText(anyOf(wrongTypes, random))}}`
    set(spot, new Raw(twice))
  },
  'member moved': ({ parent, key }, random) => {
    if (Array.isArray(parent)) return
    const other = random.pick(Object.keys(parent))
    const [a, b] = [parent[key], parent[other]]
    set({ parent, key }, b)
    set({ parent, key: other }, a)
  },
}

export const jsonChanges = Object.keys(changes)

/** The text of an event with one to four changes of a kind. */
export function mutateJson(text: string, { kind, random }: { kind: string; random: Random }): string {
  const change = changes[kind]
  if (change === undefined) throw new Error(`no change ${kind}`)
  const root: Record<string, unknown> = { event: JSON.parse(text) as unknown }
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    const spots = spotsOf(root['event'])
    if (spots.length > 0) change(random.pick(spots), random)
  }
  return toText(root['event'])
}

/** Texts with values of any shape, as fast-check thinks them up, in the places of an event. */
export function anyValues(
  texts: readonly string[],
  { seed, count }: { seed: number; count: number },
): string[] {
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  const change = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.nat(),
    value,
    key: fc.option(fc.string({ unit: 'binary' })),
  })
  return fc.sample(change, { seed, numRuns: count }).map(({ text, at, value: put, key }) => {
    const event: unknown = JSON.parse(text)
    const spots = spotsOf(event)
    const spot = spots[at % spots.length]
    if (spot !== undefined) set(key === null || Array.isArray(spot.parent) ? spot : { ...spot, key }, put)
    return toText(event)
  })
}
