import {
  choice,
  flag,
  pointInTime,
  readParameters,
  requiredText,
  text,
  texts,
  wholeNumber,
} from '../../../src/http/parameters.ts'

const declared = {
  q: requiredText('What to look for.'),
  team: text('A team.'),
  of: texts('Things.', { max: 2 }),
  limit: wholeNumber('How many.', { min: 1, max: 10, default: 5 }),
  direction: choice('Where to.', { of: ['up', 'down'], default: 'up' }),
  fold: flag('Whether.', { default: false }),
  at: pointInTime('When.'),
}

function read(query: string) {
  const said = new URLSearchParams(query)
  return readParameters(declared, (name) => said.getAll(name), [...said.keys()])
}

describe('parameters', () => {
  it('have their defaults where nothing is said', () => {
    expect(read('q=a')).toEqual({
      q: 'a',
      team: undefined,
      of: [],
      limit: 5,
      direction: 'up',
      fold: false,
      at: undefined,
    })
  })

  it('are read as what they are', () => {
    expect(read('q=a&team=b&of=x&of=y&limit=10&direction=down&fold=true&at=2026-11-22')).toEqual({
      q: 'a',
      team: 'b',
      of: ['x', 'y'],
      limit: 10,
      direction: 'down',
      fold: true,
      at: '2026-11-22T00:00:00.000000000Z',
    })
  })

  it.each([
    ['', 'q must be there.'],
    ['q=', 'q must be there.'],
    ['q=a&limit=0', 'limit must be a whole number from 1 to 10.'],
    ['q=a&limit=1.5', 'limit must be a whole number from 1 to 10.'],
    ['q=a&direction=left', 'direction must be one of up, down.'],
    ['q=a&fold=maybe', 'fold must be true or false.'],
    ['q=a&at=soon', 'at must be a time such as'],
    ['q=a&of=1&of=2&of=3', 'of must be given 2 times at most.'],
    ['q=a&limti=1', 'There is no parameter "limti". Known are q, team, of, limit, direction, fold, at.'],
  ])('are refused in %j, with what to do', (query, sentence) => {
    expect(() => read(query)).toThrow(sentence)
  })
})
