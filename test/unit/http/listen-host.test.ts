import { readConfig, type Config } from '../../../src/config.ts'
import { listenHost, loopbackSentence } from '../../../src/http/listen-host.ts'

const configOf = (env: Record<string, string>): Config => readConfig(env)

describe('listenHost', () => {
  it.each([
    [{}, '127.0.0.1'],
    [{ HOST: '127.0.0.1' }, '127.0.0.1'],
    [{ HOST: '127.0.0.53' }, '127.0.0.53'],
    [{ HOST: 'localhost' }, 'localhost'],
    [{ HOST: '::1' }, '::1'],
    [{ HOST: '[::1]' }, '::1'],
    [{ API_KEYS: 'a' }, undefined],
    [{ API_KEYS_FILE: 'keys' }, undefined],
    [{ API_KEYS: 'a', HOST: '0.0.0.0' }, '0.0.0.0'],
    [{ API_KEYS_FILE: 'keys', HOST: '10.1.2.3' }, '10.1.2.3'],
  ])('for %j is %s', (env, host) => {
    expect(listenHost(configOf(env))).toBe(host)
  })

  it.each(['0.0.0.0', '::', '[::]', '10.1.2.3', 'collector.example', '127.evil.example', '1270.0.0.1', '*'])(
    'refuses %s without keys',
    (host) => {
      expect(() => listenHost(configOf({ HOST: host }))).toThrow('API_KEYS or API_KEYS_FILE')
    },
  )
})

describe('loopbackSentence', () => {
  it('says how to let others in, where only this machine can send', () => {
    expect(loopbackSentence(configOf({}))).toContain('API_KEYS')
  })

  it('is silent with keys', () => {
    expect(loopbackSentence(configOf({ API_KEYS: 'a' }))).toBeUndefined()
  })
})
