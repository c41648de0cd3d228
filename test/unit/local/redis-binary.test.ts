import { isRecent, provideRedis, toRedisVersion } from '../../../src/local/redis-binary.ts'

describe('toRedisVersion', () => {
  it('reads the version', () => {
    const answer = 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=81fbd4fd76f2b2d5'

    expect(toRedisVersion(answer)).toBe('7.0.15')
  })

  it('reads nothing from another answer', () => {
    expect(toRedisVersion('command not found')).toBeUndefined()
  })
})

describe('isRecent', () => {
  it.each([
    ['7.0.15', true],
    ['6.2.0', true],
    ['8.2', true],
    ['6.0.16', false],
    ['5.0.7', false],
  ])('of %s is %s', (version, expected) => {
    expect(isRecent(version)).toBe(expected)
  })
})

describe('provideRedis', () => {
  it('says how to get one where there is none and none may be installed', async () => {
    const stopSignal = new AbortController().signal
    const search = { env: { PATH: '/nowhere' }, say: () => undefined, stopSignal, isRoot: false }

    await expect(provideRedis(search)).rejects.toThrow(/no redis-server on the PATH\. Install Redis/)
  })
})
