import { readKeyLine } from '../../../src/http/key-line.ts'

const grantOf = (text: string) => {
  const { line, mistakes } = readKeyLine(text)
  const { hash: _, ...rest } = line
  return { ...rest, scopes: [...line.scopes].toSorted(), mistakes }
}

describe('the line of an API key', () => {
  it.each([
    ['s3cr3t', ['admin', 'read', 'send'], undefined],
    ['s3cr3t send', ['send'], undefined],
    ['s3cr3t read', ['read'], undefined],
    ['s3cr3t read+admin', ['admin', 'read'], undefined],
    ['s3cr3t \t send  read', ['read', 'send'], undefined],
    ['s3cr3t read namespaces=s3://finance|warehouse', ['read'], ['s3://finance', 'warehouse']],
    ['s3cr3t namespaces=warehouse send+read', ['read', 'send'], ['warehouse']],
    [
      's3cr3t read namespaces=a%20b%2Cc|d%7Ce|50%25|postgres://h:5432',
      ['read'],
      ['a b,c', 'd|e', '50%', 'postgres://h:5432'],
    ],
  ])('says what %s may do', (text, scopes, namespaces) => {
    expect(grantOf(text)).toEqual({ key: 's3cr3t', scopes, namespaces, mistakes: [] })
  })

  it.each([
    ['s3cr3t write', 'word 2 must be scopes (send, read, admin;'],
    ['s3cr3t read,admin', 'word 2 must be scopes'],
    ['s3cr3t READ', 'word 2 must be scopes'],
    ['s3cr3t read+', 'word 2 must be scopes'],
    ['s3cr3t read s3://finance', 'word 3 must be scopes'],
    ['s3cr3t read namespace=a', 'word 3 must be scopes'],
    ['s3cr3t read namespaces=', 'word 3 must name namespaces'],
    ['s3cr3t read namespaces=a||b', 'word 3 must name namespaces'],
    ['s3cr3t read namespaces=100%', 'word 3 must name namespaces'],
    ['s3cr3t read namespaces=a namespaces=b', 'word 4 is a second list'],
    ['s3cr3t namespaces=a', 'it has to have read'],
    ['s3cr3t send namespaces=a', 'it has to have read'],
    ['s3cr3t read+admin namespaces=a', 'it cannot have admin'],
    ['sha256:abc send', 'word 1 begins as a hash'],
    [`SHA256:${'g'.repeat(64)}`, 'word 1 begins as a hash'],
  ])('has a mistake in %s', (text, mistake) => {
    const { mistakes } = readKeyLine(text)

    expect(mistakes).toEqual([expect.stringContaining(mistake)])
  })

  it('has each mistake named, and none of its words, for a word may be a key', () => {
    const { mistakes } = readKeyLine('my secret words')

    expect(mistakes).toHaveLength(2)
    expect(mistakes.join(' ')).not.toMatch(/my|secret|words/)
  })
})
