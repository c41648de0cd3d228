import { findPatternTrouble, PATTERN_NAME_LENGTH_MAX } from '../../../src/identity/pattern-steps.ts'

describe('a pattern', () => {
  it.each([
    String.raw`_\d{8}(?:T\d{6})?`,
    String.raw`^(.+)_\d{8}_\d+(\..*)?$`,
    String.raw`^(?<app>[^.]+)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`,
    String.raw`-\d+$|_v\d+$`,
    String.raw`[\]a-z/]+\{x\}`,
    String.raw`^\p{L}+\.\u{1F600}`,
    '(?:ab)+c',
    'a{2,5}?b??',
    '',
  ])('%s is taken', (pattern) => {
    expect(findPatternTrouble(pattern)).toBeUndefined()
  })

  it.each([
    ['(a+)+$', 'several ways'],
    ['(?:a|a)*b', 'several ways'],
    ['(a*){3}', 'several ways'],
    ['(a?){20}', 'several ways'],
    [String.raw`(?:(?:\d+)x)*`, 'several ways'],
    [String.raw`(a)\1`, 'refers back'],
    [String.raw`(?<n>a)\k<n>`, 'refers back'],
    ['(?=a)b', 'looks ahead or behind'],
    ['(?<!a)b', 'looks ahead or behind'],
    ['.*.*.*x', 'for ever'],
    ['^.*.*.*.*x', 'for ever'],
    [`^${'a?'.repeat(40)}${'a'.repeat(40)}`, 'for ever'],
  ])('%s is refused', (pattern, trouble) => {
    expect(() => new RegExp(pattern, 'u')).not.toThrow()
    expect(findPatternTrouble(pattern)).toContain(trouble)
  })

  it('that is taken comes to an end on the worst of names', () => {
    const worst = 'a'.repeat(PATTERN_NAME_LENGTH_MAX)

    expect(findPatternTrouble('^.*.*.*x')).toBeUndefined()
    expect(worst.replace(/^.*.*.*x/gu, '')).toBe(worst)
  })
})
