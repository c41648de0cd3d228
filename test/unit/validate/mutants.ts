import { isJsonObject } from '../../../src/openlineage/json-object.ts'

export interface Mutant {
  /** What was changed, for the message of a failing test. */
  change: string
  value: unknown
}

/** Words that schemas list or branch on. */
const words =
  'DATASET JOB location partition compare binary field literal START RUNNING COMPLETE ABORT FAIL OTHER ALTER CREATE DROP OVERWRITE RENAME TRUNCATE'

/** Every type, both forms of each list, and every word that has a meaning. */
const replacements: readonly unknown[] = [
  null,
  true,
  0,
  1.5,
  'text',
  [],
  {},
  [null],
  ['text'],
  [{}],
  [[]],
  { unexpected: 'text' },
  { unexpected: {} },
  ...words.split(' '),
]

/** The value with one thing wrong (or only different): each part replaced, taken away or added to, at every depth. */
export function* mutantsOf(value: unknown, at = ''): Generator<Mutant> {
  for (const replacement of replacements) {
    yield { change: `${at} is ${JSON.stringify(replacement)}`, value: replacement }
  }
  if (Array.isArray(value)) {
    const items: unknown[] = value
    for (const [index, item] of items.entries()) {
      yield { change: `${at}/${index} is gone`, value: items.toSpliced(index, 1) }
      for (const mutant of mutantsOf(item, `${at}/${index}`)) {
        yield { change: mutant.change, value: items.with(index, mutant.value) }
      }
    }
  } else if (isJsonObject(value)) {
    yield { change: `${at} has something unexpected`, value: { ...value, unexpected: 'text' } }
    for (const [key, member] of Object.entries(value)) {
      const { [key]: _, ...rest } = value
      yield { change: `${at}/${key} is gone`, value: rest }
      for (const mutant of mutantsOf(member, `${at}/${key}`)) {
        yield { change: mutant.change, value: { ...value, [key]: mutant.value } }
      }
    }
  }
}
