import {
  aboutOf,
  aboutOfChange,
  readPeopleChange,
  toPayload,
  type PeopleChange,
} from '../../../src/log/people-change.ts'

const dataset = { kind: 'dataset', namespace: 'db', name: 'orders' } as const
const changes: PeopleChange[] = [
  { kind: 'HIDDEN', thing: dataset },
  { kind: 'TAGGED', thing: { ...dataset, kind: 'job' }, tag: 'gold' },
  { kind: 'UNTAGGED', thing: { ...dataset, kind: 'field', field: 'id' }, tag: 'gold' },
  { kind: 'TAG_DESCRIBED', tag: 'gold', description: 'the best' },
]

describe('a change of people', () => {
  it.each(changes)('is read as it was written: $kind', (change) => {
    expect(readPeopleChange({ kind: change.kind, payload: toPayload(change) })).toEqual(change)
  })

  it.each([
    ['IDENTITY_RULES', '{}'],
    ['TAGGED', 'no json'],
    ['TAGGED', '{"thing":{"kind":"dataset","namespace":"db","name":"orders"}}'],
    ['HIDDEN', '{"thing":{"kind":"run","namespace":"db","name":"orders"}}'],
    ['HIDDEN', '[]'],
  ])('is none: %s %s', (kind, payload) => {
    expect(readPeopleChange({ kind, payload })).toBeUndefined()
    expect(aboutOfChange({ kind, payload })).toBeUndefined()
  })

  it('is found by what it is about, each thing by its own', () => {
    const field = { ...dataset, kind: 'field', field: 'id' } as const
    const abouts = [dataset, { ...dataset, kind: 'job' } as const, field, { ...field, field: 'x' }].map(
      aboutOf,
    )

    expect(new Set(abouts).size).toBe(4)
    expect(aboutOfChange({ kind: 'HIDDEN', payload: toPayload({ kind: 'HIDDEN', thing: dataset }) })).toBe(
      abouts[0],
    )
  })
})
