import { deflateSync, gzipSync } from 'node:zlib'
import { anyValues, jsonChanges, mutateJson } from './mutate-json.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { createRandom, type Random } from './random.ts'
import { largeInputs } from './large-inputs.ts'
import { rawInputs } from './raw-inputs.ts'
import { routeInput } from './route-inputs.ts'

/** What is done to a receiver: a request as an HTTP client makes it, or bytes on a socket. */
export interface Input {
  kind: string
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: Buffer
  /** Instead: pieces that are written one after another, each after so many milliseconds. */
  pieces?: { bytes: Buffer; afterMs: number }[]
  /** Two ways to read these bytes are possible: none of them may be taken. */
  isAmbiguous?: true
  /** Left open at its end: the other side is to give up. */
  staysOpen?: true
}

type Make = (text: string, random: Random) => Omit<Input, 'kind'>

const json = (text: string | Buffer): Omit<Input, 'kind'> => ({ body: Buffer.from(text) })
const mutated = (text: string, random: Random) => mutateJson(text, { kind: random.pick(jsonChanges), random })

const makers: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(
    jsonChanges.map((kind): [string, Make] => [
      kind,
      (text, random) => json(mutateJson(text, { kind, random })),
    ]),
  ),
  bytes: (text, random) => json(mutateBytes(Buffer.from(text), random)),
  'gzip damaged': (text, random) => ({
    ...json(mutateBytes(gzipSync(text), random)),
    headers: { 'Content-Encoding': 'gzip' },
  }),
  'gzip cut': (text, random) => {
    const whole = gzipSync(text)
    return { ...json(whole.subarray(0, random.below(whole.length))), headers: { 'Content-Encoding': 'gzip' } }
  },
  'other coding': (text, random) => {
    const body = random.pick([gzipSync(text), deflateSync(text), Buffer.from(text), random.bytes(200)])
    const coding = random.pick([
      'gzip',
      'deflate',
      'identity',
      'br',
      'gzip, gzip',
      'x-gzip',
      '',
      'chunked',
      'GZIP',
      '\u00e9',
    ])
    return { body, headers: { 'Content-Encoding': coding } }
  },
  'other headers': (text, random) => ({ ...json(text), headers: randomHeaders(random) }),
  batch: (text, random) => {
    const events = Array.from({ length: 1 + random.below(5) }, () =>
      random.chance(0.5) ? mutated(text, random) : text,
    )
    const array = Buffer.from(`[${events.join(random.pick([',', ' ,\n', ',,', ']']))}]`)
    return { path: '/api/v1/lineage/batch', body: random.chance(0.5) ? mutateBytes(array, random) : array }
  },
  routes: (_text, random) => routeInput(random),
}

/** How often each comes, of a hundred. */
const weights: Readonly<Record<string, number>> = {
  'wrong type': 16,
  'hostile value': 12,
  'hostile key': 9,
  'member gone': 4,
  'duplicate key': 4,
  'member moved': 5,
  bytes: 15,
  'gzip damaged': 5,
  'gzip cut': 3,
  'other coding': 3,
  'other headers': 3,
  batch: 6,
  routes: 5,
}

function randomHeaders(random: Random): Record<string, string> {
  const word = () =>
    random
      .bytes(random.below(40))
      .toString('latin1')
      .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, 'x')
  const names = [
    'Content-Type',
    'X-Request-Id',
    'Authorization',
    'Accept',
    'If-None-Match',
    'Expect',
    'Accept-Encoding',
    'Cookie',
    'Origin',
  ]
  return Object.fromEntries(
    Array.from({ length: 1 + random.below(4) }, () => [
      random.pick(names),
      random.chance(0.3) ? '100-continue' : word(),
    ]),
  )
}

/** So many inputs of all kinds; the same seed gives the same ones. */
export function* makeInputs(
  texts: readonly string[],
  { seed, count }: { seed: number; count: number },
): Generator<Input> {
  const random = createRandom(seed)
  const kinds = Object.entries(weights).flatMap(([kind, weight]) =>
    Array.from({ length: weight }, () => kind),
  )
  const valuesCount = Math.floor(count * anyValueShare)
  const ordered = [
    ...anyValues(texts, { seed, count: valuesCount }).map((text): Input => ({
      kind: 'any value',
      ...json(text),
    })),
    ...repeated(rawInputs(texts[0] ?? ''), Math.floor(count * rawShare)),
    ...repeated(largeInputs(), Math.floor(count * largeShare)),
  ]
  // One after another they would keep the machine busy for seconds, and others would be late.
  const special = shuffled(ordered, random)
  const gap = count / special.length
  for (let index = 0, given = 0; index < count; index += 1) {
    if (given < special.length && index >= given * gap) {
      const input = special[given]
      given += 1
      if (input !== undefined) {
        yield input
        continue
      }
    }
    const kind = random.pick(kinds)
    const make = makers[kind]
    if (make === undefined) throw new Error(`nothing makes ${kind}`)
    yield { kind, ...make(random.pick(texts), random) }
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.below(2 ** 31) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

const anyValueShare = 0.08
const rawShare = 0.04
const largeShare = 0.012

function repeated(inputs: readonly Input[], count: number): Input[] {
  return Array.from(
    { length: Math.max(count, inputs.length) },
    (_, index) => inputs[index % inputs.length] as Input,
  )
}
