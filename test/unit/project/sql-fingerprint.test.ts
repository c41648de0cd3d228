import { toSqlFingerprint } from '../../../src/project/sql-fingerprint.ts'

describe('toSqlFingerprint', () => {
  it('does not see literals, comments and layout', () => {
    const monday = "SELECT a FROM t -- daily\n WHERE day = '2026-11-23' AND n > 10"
    const tuesday = "SELECT a\nFROM t /* daily */ WHERE day = '2026-11-24' AND n > 12.5"

    expect(toSqlFingerprint(monday)).toBe(toSqlFingerprint(tuesday))
  })

  it('sees another table', () => {
    expect(toSqlFingerprint('SELECT a FROM t1')).not.toBe(toSqlFingerprint('SELECT a FROM t2'))
  })
})
