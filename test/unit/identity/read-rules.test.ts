import { readRules } from '../../../src/identity/read-rules.ts'
import { defaultRules, toOrderedRules, toRulesKey } from '../../../src/identity/rules.ts'

function mistakesOf(text: string): string[] {
  const read = readRules(text)
  return 'mistakes' in read ? read.mistakes.map((mistake) => `${mistake.line}: ${mistake.text}`) : []
}

function rulesOf(text: string) {
  const read = readRules(text)
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes))
  return read.rules
}

describe('an identity.yaml', () => {
  it.each(['', '# nothing\n', 'hosts:\n', '{}', 'jobs: []\nhosts: []'])(
    'that says nothing is the default: %j',
    (text) => {
      expect(rulesOf(text)).toEqual(toOrderedRules(defaultRules))
    },
  )

  it('has what it says in one order, where the order makes no difference', () => {
    const rules = rulesOf(`
trailingSlash: {schemes: [s3, FILE, s3]}
partitions: {trimmers: [KeyValueTrimmer, DateTrimmer]}
hosts:
  - {host: 'z:1', aliases: ['b:1', 'a:1'], schemes: [postgres]}
  - {host: y, aliases: [c]}
case:
  - {scheme: snowflake, names: upper}
  - {scheme: bigquery, namespaces: lower}
jobs:
  - {rule: b, pattern: x, replacement: ''}
  - {rule: a, pattern: y, replacement: '', namespaces: [q, p]}
`)

    expect(rules).toEqual({
      trailingSlash: { schemes: ['file', 's3'] },
      partitions: { trimmers: ['DateTrimmer', 'KeyValueTrimmer'] },
      hosts: [
        { host: 'y', aliases: ['c'], schemes: undefined },
        { host: 'z:1', aliases: ['a:1', 'b:1'], schemes: ['postgres'] },
      ],
      case: [
        { scheme: 'bigquery', namespaces: 'lower', names: 'keep' },
        { scheme: 'snowflake', namespaces: 'keep', names: 'upper' },
      ],
      jobs: [
        { rule: 'b', namespaces: undefined, pattern: 'x', replacement: '' },
        { rule: 'a', namespaces: ['p', 'q'], pattern: 'y', replacement: '' },
      ],
    })
  })

  it('turns off what it empties', () => {
    const rules = rulesOf('trailingSlash: {schemes: []}\npartitions: {trimmers: []}')

    expect(rules).toEqual({
      ...toOrderedRules(defaultRules),
      trailingSlash: { schemes: [] },
      partitions: { trimmers: [] },
    })
  })

  it('has a key by what it does, whatever its order', () => {
    const [one, two] = [
      'hosts: [{host: a, aliases: [b, c]}, {host: d, aliases: [e]}]',
      'hosts: [{host: d, aliases: [e]}, {host: a, aliases: [c, b]}]',
    ]

    expect(toRulesKey(rulesOf(one))).toBe(toRulesKey(rulesOf(two)))
    expect(toRulesKey(rulesOf(one))).not.toBe(toRulesKey(rulesOf('')))
  })

  it('is read back out of its own JSON', () => {
    const rules = rulesOf(
      'hosts: [{host: a, aliases: [b]}]\njobs: [{rule: r, pattern: "\\\\d+", replacement: ""}]',
    )

    expect(rulesOf(JSON.stringify(rules))).toEqual(rules)
  })

  it('has every mistake named at once, with its line', () => {
    const text = `trailingSlash:
  scheme: [s3]
partitions:
  trimmers: [DateTrimer, 7]
hosts:
  - host: 'a:1'
    aliases: [b c, 'd:1']
  - aliases: ['d:1', 'a:1']
case:
  - scheme: snowflake
    names: lowre
  - scheme: Snowflake
    names: upper
  - names: upper
  - scheme: x
jobs:
  - rule: 1st
    pattern: '(a'
    replacement: ''
  - rule: hosts
    pattern: '(a+)+$'
  - rule: same
    pattern: '(a)(?<n>b)'
    replacement: '$1$2$3$<n>$<m>$$9'
  - rule: same
    replacement: ''
    patern: x
other: 1
`

    expect(mistakesOf(text)).toEqual([
      '2: trailingSlash.scheme is not known; here may stand schemes.',
      '4: partitions.trimmers[0] must be one of DateTrimmer, KeyValueTrimmer, MultiDirDateTrimmer, YearMonthTrimmer, not "DateTrimer".',
      '4: partitions.trimmers[1] must be a text; put it in quotes.',
      '7: hosts[0].aliases[0] must be a host, with its port or without, such as warehouse:5432.',
      '8: hosts[1] lacks its host.',
      '8: hosts[1].aliases[1] is the host of line 6; a host that has aliases cannot be one.',
      '8: hosts[1].aliases[0] is an alias in line 7 already.',
      '11: case[0].names must be one of keep, lower, upper, not "lowre".',
      '12: case[1].scheme is the second for snowflake.',
      '14: case[2] lacks its scheme, such as snowflake.',
      '15: case[3] lacks both namespaces and names.',
      '17: jobs[0].rule must be a name of letters, digits, - and _, 64 at most.',
      expect.stringMatching(/^18: jobs\[0\]\.pattern is no regular expression: /),
      '20: jobs[1].rule must not be hosts, which means something else.',
      "20: jobs[1] lacks its replacement; '' takes away.",
      '21: jobs[1].pattern repeats something that may itself be matched in several ways.',
      '24: jobs[2].replacement has $3, but the pattern has no such group.',
      '24: jobs[2].replacement has $<m>, but the pattern has no such group.',
      '25: jobs[3].rule is the second rule of the name same.',
      '25: jobs[3] lacks its pattern, a regular expression.',
      '27: jobs[3].patern is not known; here may stand rule, namespaces, pattern, replacement.',
      '28: other is not known; here may stand trailingSlash, partitions, hosts, case, jobs.',
    ])
  })

  it.each([
    ['- a list', '1: must have some of trailingSlash, partitions, hosts, case, jobs.'],
    ['a text', '1: must have some of trailingSlash, partitions, hosts, case, jobs.'],
    ['hosts: {a: b}', '1: hosts must be a list.'],
    ['\n\nhosts: [\n', '4: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['hosts: []\nhosts: []', '2: Map keys must be unique'],
  ])('is refused where it is %j', (text, mistake) => {
    expect(mistakesOf(text)).toContain(mistake)
  })

  it('is refused where it is too long', () => {
    expect(mistakesOf(`# ${'x'.repeat(1024 * 1024)}`)).toEqual([
      '1: The file has more than 1048576 characters.',
    ])
  })

  it.each([
    [
      'a host whose name an alias has with some port',
      "[{host: 'h:1', aliases: [z]}, {host: k, aliases: [h]}]",
    ],
    ['a host that an alias names with a port', "[{host: h, aliases: [z]}, {host: k, aliases: ['h:1']}]"],
    ['a host that is its own alias', '[{host: h, aliases: [H]}]'],
  ])('does not take %s for an alias', (_, hosts) => {
    expect(mistakesOf(`hosts: ${hosts}`)).toEqual([expect.stringContaining('cannot be one')])
  })

  it('takes a host with a port that has its own name without for an alias', () => {
    expect(mistakesOf("hosts: [{host: 'h:1', aliases: [h]}]")).toEqual([])
  })
})
