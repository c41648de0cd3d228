import { toEntityKey } from '../openlineage/keys.ts'

/** What is to be erased. */
export type Erased = { kind: 'DATASET'; namespace: string; name: string } | { kind: 'PERSON'; name: string }

export interface Redaction {
  /** Whether a text may speak of it at all: what does not is left as it is. */
  mayMention: (text: string) => boolean
  /**
   * The value without it: entries that are the dataset, or the person, are gone, other words with its name have a substitute in their
   * place. Undefined where the value itself is it.
   */
  redact: (value: unknown) => unknown
}

/** Members that say what a thing or a column is called: they are no texts about something else. */
const identities: ReadonlySet<string> = new Set(['namespace', 'name', 'field'])
/** Members of facts that hold the key of a dataset. */
const keyPlaces = ['dataset', 'target', 'entity', 'from', 'to', 'value'] as const

/** So often may a text be the JSON of a text. */
const nestedJsonMax = 3

/** Takes one dataset or person out of what was said, in events as in the facts that a checkpoint keeps of them. */
export function createRedaction(erased: Erased, substitute: string): Redaction {
  // Facts hold JSON within JSON: facets, and keys of datasets.
  const spellings = [erased.name]
  for (let depth = 0; depth < nestedJsonMax; depth += 1)
    spellings.push(JSON.stringify(spellings.at(-1)).slice(1, -1))
  const key = erased.kind === 'DATASET' ? toEntityKey(erased) : undefined
  const word = toWholeWord(erased.name)
  const isKey = (text: string) =>
    key !== undefined && (text === key || text.startsWith(`${key} `) || text.endsWith(` ${key}`))
  const mayMention = (text: string) => spellings.some((spelling) => text.includes(spelling))

  function redactText(text: string): string {
    if (!mayMention(text)) return text
    const inside = /^[[{]/.test(text) ? parse(text) : undefined
    if (inside !== undefined) return JSON.stringify(redact(inside, '') ?? null)
    return text.replaceAll(word, substitute)
  }

  /** @param within the member that the value, or the list it stands in, is of */
  function redact(value: unknown, within: string): unknown {
    if (typeof value === 'string') return isKey(value) ? undefined : redactText(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value))
      return value.map((member) => redact(member, within)).filter((member) => member !== undefined)
    if (value instanceof Set)
      return new Set([...value].filter((one) => erased.kind === 'DATASET' || one !== erased.name))
    if (value instanceof Map) return new Map(toEntries([...value]))
    if (isIt(value, within)) return undefined
    return Object.fromEntries(toEntries(Object.entries(value), 'namespace' in value))
  }

  function isIt(value: object, within: string): boolean {
    const members = new Map<string, unknown>(Object.entries(value))
    if (erased.kind === 'PERSON') return within === 'owners' && members.get('name') === erased.name
    const isNamed = members.get('namespace') === erased.namespace && members.get('name') === erased.name
    if (isNamed && within !== 'job' && members.get('type') !== 'JOB') return true
    return keyPlaces.some((place) => members.get(place) === key)
  }

  function toEntries(
    entries: readonly (readonly [unknown, unknown])[],
    isNamed = false,
  ): [string, unknown][] {
    return entries.flatMap(([member, content]): [string, unknown][] => {
      const name = String(member)
      if (isKey(name)) return []
      const isIdentity = identities.has(name) && (isNamed || erased.kind === 'DATASET')
      const kept = isIdentity && typeof content === 'string' ? content : redact(content, name)
      return kept === undefined && content !== undefined ? [] : [[redactText(name), kept]]
    })
  }

  return { mayMention, redact: (value) => redact(value, '') }
}

/** The name, unless it is a part of a longer word. */
function toWholeWord(name: string): RegExp {
  const literal = name.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])${literal}(?![\p{L}\p{N}_])`, 'gu')
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
