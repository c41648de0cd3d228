import { readFileSync } from 'node:fs'
import { ConfigError, readConfig, settingLines } from '../../src/config.ts'

describe('readConfig', () => {
  it('takes the defaults from an empty environment', () => {
    expect(readConfig({})).toMatchObject({ port: 5000, strict: false, apiKeys: [], bodyBytesMax: 33_554_432 })
  })

  it('reads keys, flags and numbers', () => {
    expect(readConfig({ API_KEYS: ' a, b ,,', STRICT: '1', PORT: '80' })).toMatchObject({
      apiKeys: ['a', 'b'],
      strict: true,
      port: 80,
    })
  })

  it('names every mistake at once', () => {
    expect(() => readConfig({ PORT: 'http', STRICT: 'perhaps', LOG_LEVEL: 'loud' })).toThrow(
      expect.objectContaining({
        mistakes: [
          expect.stringContaining('PORT'),
          expect.stringContaining('STRICT'),
          expect.stringContaining('LOG_LEVEL'),
        ],
      }),
    )
    expect(() => readConfig({ PORT: '70000' })).toThrow(ConfigError)
  })
})

describe('the README', () => {
  it('lists every setting with its default and its sentence', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ')
    const rows = settingLines.map(
      ({ name, defaultText, sentence }) =>
        `| \`${name}\` | ${defaultText === '' ? '' : `\`${defaultText}\` `}| ${sentence} |`,
    )

    const missing = rows.filter((row) => !readme.includes(row))

    expect(missing).toEqual([])
  })
})
