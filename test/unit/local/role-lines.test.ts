import { createLineFilter, toTerminalText } from '../../../src/local/role-lines.ts'

describe('toTerminalText', () => {
  it('shows a warning with its cause', () => {
    const line = JSON.stringify({
      level: 'warn',
      msg: 'redis connection lost',
      err: { message: 'refused\n  at x' },
    })

    expect(toTerminalText(line)).toBe('warn: redis connection lost (refused)')
  })

  it.each(['debug', 'info'])('leaves %s to the file', (level) => {
    expect(toTerminalText(JSON.stringify({ level, msg: 'started' }))).toBeUndefined()
  })

  it.each(['Segmentation fault', '{"level":"wa'])('shows %s, which is no log line', (line) => {
    expect(toTerminalText(line)).toBe(line)
  })
})

describe('createLineFilter', () => {
  it('shows a repeated message once in half a minute', () => {
    let now = 0
    const toShown = createLineFilter('Worker', () => now)
    const line = JSON.stringify({ level: 'error', msg: 'graph is away' })

    const shown = [0, 1000, 29_999, 30_000].map((at) => {
      now = at
      return toShown(line)
    })

    expect(shown).toEqual([
      'Worker: error: graph is away',
      undefined,
      undefined,
      'Worker: error: graph is away',
    ])
  })
})
