import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '../../../src/config.ts'
import { scopes, type Scope } from '../../../src/http/access.ts'
import { createApiKeys, type ApiKeys } from '../../../src/http/api-keys.ts'
import { Problem } from '../../../src/http/problem.ts'
import { createTestLog } from '../receive/receiver.ts'

let folder: string
let file: string
let logged: string[]
const open: ApiKeys[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-keys-'))
  file = join(folder, 'keys')
  logged = []
})
afterEach(() => {
  for (const keys of open.splice(0)) keys.close()
  rmSync(folder, { recursive: true })
})

const rereadMs = 10

function createKeys({ keys = [], path = file }: { keys?: string[]; path?: string } = {}): ApiKeys {
  const created = createApiKeys({ keys, file: path, log: createTestLog(logged), rereadMs })
  open.push(created)
  return created
}

function isTaken(keys: ApiKeys, key: string): boolean {
  try {
    keys.require(`Bearer ${key}`, 'send')
    return true
  } catch {
    return false
  }
}

async function until(isSo: () => boolean): Promise<boolean> {
  for (let waits = 0; waits < 200 && !isSo(); waits += 1) await sleep(rereadMs)
  return isSo()
}

const messages = () => logged.map((line) => JSON.parse(line).msg)

/** The SHA-256 of `hashed`. */
const hashedLine = `sha256:${createHash('sha256').update('hashed').digest('hex')}`

describe('API keys of which there is only the hash', () => {
  it('are taken, and their hash is not', () => {
    writeFileSync(file, `${hashedLine} send\n`)
    const keys = createKeys({
      keys: [hashedLine.replace(/[a-f]/g, (digit) => digit.toUpperCase()).replace(/^.*:/, 'sha256:')].map(
        (line) => `${line} send`,
      ),
    })

    expect(isTaken(keys, 'hashed')).toBe(true)
    expect(isTaken(keys, hashedLine)).toBe(false)
    expect(isTaken(keys, hashedLine.slice('sha256:'.length))).toBe(false)
    expect(() => keys.require('Bearer hashed', 'read')).toThrow('the scope read')
  })

  it('are those of the same key in plain text: the two may not differ in what they may do', () => {
    writeFileSync(file, 'hashed send\n')

    expect(() => createKeys({ keys: [`${hashedLine} read`] })).toThrow(ConfigError)
    expect(isTaken(createKeys({ keys: [`${hashedLine} send`] }), 'hashed')).toBe(true)
  })

  it('are replaced without a restart', async () => {
    writeFileSync(file, hashedLine)
    const keys = createKeys()
    await writeFile(file, `sha256:${createHash('sha256').update('next').digest('hex')}`)

    expect(await until(() => isTaken(keys, 'next'))).toBe(true)
    expect(isTaken(keys, 'hashed')).toBe(false)
  })
})

describe('API keys', () => {
  it('let everyone in when there are none', () => {
    const keys = createKeys({ path: '' })

    expect(() => keys.require(undefined, 'admin')).not.toThrow()
  })

  it('come from the setting and from the file', () => {
    writeFileSync(file, 'from-file\n')
    const keys = createKeys({ keys: ['from-setting'] })

    expect(['from-file', 'from-setting', 'other'].map((key) => isTaken(keys, key))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('stand one a line, with comments, empty lines and any line ends', () => {
    writeFileSync(file, '\uFEFF# the team\r\nteam-a\r\n\r\n  team-b   # until June\r\nwith#inside\n#old\n')
    const keys = createKeys()

    expect(['team-a', 'team-b', 'with#inside'].map((key) => isTaken(keys, key))).toEqual([true, true, true])
    expect(['', '# the team', 'the', '#old', 'old', '# until June'].map((key) => isTaken(keys, key))).toEqual(
      Array(6).fill(false),
    )
  })

  it('may have letters outside ASCII, sent as UTF-8', () => {
    const keys = createKeys({ keys: ['clé-日本'], path: '' })

    expect(isTaken(keys, Buffer.from('clé-日本').toString('latin1'))).toBe(true)
  })

  it.each([
    ['is not there', undefined, 'cannot be read'],
    ['is empty', '', 'holds no key'],
    ['holds only comments', '# nothing\n\n', 'holds no key'],
  ])('are an error at the start when the file %s', (_name, text, sentence) => {
    if (text !== undefined) writeFileSync(file, text)

    expect(() => createKeys({ keys: ['from-setting'] })).toThrow(sentence)
    expect(() => createKeys()).toThrow(`API_KEYS_FILE is ${file}`)
  })
})

const verdictOf = (keys: ApiKeys, key: string, scope: Scope) => {
  try {
    return keys.require(`Bearer ${key}`, scope).namespaces ?? 'all'
  } catch (error) {
    return error instanceof Problem ? error.status : error
  }
}

describe('what API keys may do', () => {
  it('is what stands behind them, and everything for a key alone', () => {
    writeFileSync(
      file,
      '# reporting\nviewer read namespaces=s3://finance|a%2Cb # until June\noperator read+admin\n',
    )
    const keys = createKeys({ keys: ['alone', 'producer send'] })

    const table = ['alone', 'producer', 'viewer', 'operator', 'send', 'stranger'].map((key) =>
      scopes.map((scope) => verdictOf(keys, key, scope)),
    )

    expect(table).toEqual([
      ['all', 'all', 'all'],
      ['all', 403, 403],
      [403, ['s3://finance', 'a,b'], 403],
      [403, 'all', 'all'],
      [401, 401, 401],
      [401, 401, 401],
    ])
  })

  it('names the scope that is missing', () => {
    const keys = createKeys({ keys: ['producer send'], path: '' })

    expect(() => keys.require('Bearer producer', 'read')).toThrow(
      'This needs a key with the scope read; the one sent has send.',
    )
  })

  it('sees the namespaces it is limited to, and no other', () => {
    const keys = createKeys({ keys: ['viewer read namespaces=a|b'], path: '' })

    const reader = keys.require('Bearer viewer', 'read')

    expect(['a', 'b', 'c', ''].map((namespace) => reader.sees(namespace))).toEqual([true, true, false, false])
  })

  it('has every mistake named at the start, by its place, and no key in it', () => {
    writeFileSync(file, '# keys\ngood read\n\nsecret-a write\nsecret-b read namespaces=\nsecret-c send\n')
    let mistakes: readonly string[] = []

    try {
      createKeys({ keys: ['secret-c read', 'secret-d reed'] })
    } catch (error) {
      mistakes = error instanceof ConfigError ? error.mistakes : []
    }

    expect(mistakes).toEqual([
      expect.stringMatching(/^API_KEYS, key 2: word 2 must be scopes/),
      expect.stringMatching(/^API_KEYS_FILE, line 4: word 2 must be scopes/),
      expect.stringMatching(/^API_KEYS_FILE, line 5: word 3 must name namespaces/),
      'API_KEYS_FILE, line 6: it is the key of API_KEYS, key 1, and may do something else there.',
    ])
    expect(mistakes.join('')).not.toContain('secret')
  })

  it('may be said twice, if it is the same', () => {
    writeFileSync(file, 'twice read+send\n')
    const keys = createKeys({ keys: ['twice send read'] })

    expect(verdictOf(keys, 'twice', 'send')).toBe('all')
  })
})

/** At once: while a file is written in place it is empty for a moment, which is another trouble, and may be seen. */
async function replaceFile(text: string): Promise<void> {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}

describe('a file of API keys that changes while we run', () => {
  beforeEach(() => {
    writeFileSync(file, 'first')
  })

  it('is read again', async () => {
    const keys = createKeys()

    await writeFile(file, 'other')

    expect(await until(() => isTaken(keys, 'other'))).toBe(true)
    expect(isTaken(keys, 'first')).toBe(false)
    expect(messages()).toEqual(['api keys read again'])
  })

  it('is read again when another file takes its place', async () => {
    const keys = createKeys()

    await writeFile(`${file}.new`, 'other')
    await rename(`${file}.new`, file)

    expect(await until(() => isTaken(keys, 'other'))).toBe(true)
  })

  it('is read again when a link to it moves on, as for a secret of Kubernetes', async () => {
    const link = join(folder, 'link')
    await symlink(file, link)
    const keys = createKeys({ path: link })

    await writeFile(join(folder, 'next'), 'other')
    await symlink(join(folder, 'next'), `${link}.new`)
    await rename(`${link}.new`, link)

    expect(await until(() => isTaken(keys, 'other'))).toBe(true)
  })

  it.each([
    ['goes away', () => rm(file)],
    ['becomes empty', () => replaceFile('')],
    ['holds only comments', () => replaceFile('# none\n')],
    ['has a mistake in it', () => replaceFile('other\nfirst reed\n')],
  ])('leaves the last good keys in force when it %s, says so once, and recovers', async (_name, breakIt) => {
    const keys = createKeys()

    await breakIt()
    expect(await until(() => logged.length > 0)).toBe(true)
    await sleep(rereadMs * 5)
    const takenMeanwhile = isTaken(keys, 'first')
    const otherMeanwhile = isTaken(keys, 'other')
    await replaceFile('other')

    expect(await until(() => isTaken(keys, 'other'))).toBe(true)
    expect(otherMeanwhile).toBe(false)
    expect(takenMeanwhile).toBe(true)
    expect(messages()).toEqual(['api keys kept as they were', 'api keys read again'])
  })

  it('is left alone after close', async () => {
    const keys = createKeys()
    keys.close()

    await writeFile(file, 'other')
    await sleep(rereadMs * 5)

    expect(isTaken(keys, 'other')).toBe(false)
  })

  it('never has its keys in the log', async () => {
    const keys = createKeys()

    await writeFile(file, 'other')
    expect(await until(() => isTaken(keys, 'other'))).toBe(true)
    await writeFile(file, 'first other')
    expect(await until(() => logged.length > 1)).toBe(true)

    expect(logged.join('')).not.toMatch(/first|other/)
  })
})
