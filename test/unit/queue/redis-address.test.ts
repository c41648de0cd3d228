import {
  describeAddress,
  readRedisAddress,
  RedisUrlUnclear,
  toQueuePrefix,
} from '../../../src/queue/redis-address.ts'

describe('readRedisAddress', () => {
  it('leaves the URL of one server as it is', () => {
    const url = 'rediss://collector:s3cr3t@redis:6380/2'

    expect(readRedisAddress(url)).toEqual({ kind: 'alone', url })
  })

  it('reads the nodes of a cluster, with user, password and TLS', () => {
    expect(readRedisAddress('rediss+cluster://collector:s3cr%40t@node-1,[::1]:7001')).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'node-1', port: 6379 },
        { host: '::1', port: 7001 },
      ],
      username: 'collector',
      password: 's3cr@t',
      isTls: true,
    })
  })

  it('reads Sentinels, the name of their primary, its database, and their own password', () => {
    expect(
      readRedisAddress('redis+sentinel://:s3cr3t@one:26380,two/mymaster/3?sentinelPassword=a%26b'),
    ).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26_380 },
        { host: 'two', port: 26_379 },
      ],
      name: 'mymaster',
      database: 3,
      username: undefined,
      password: 's3cr3t',
      sentinelUsername: undefined,
      sentinelPassword: 'a&b',
      isTls: false,
    })
  })

  it.each([
    ['redis://:s3cr3t@one:6379,two:6379', 'redis+cluster://'],
    ['redis+ring://one:6379', 'redis+sentinel://'],
    ['redis+cluster://one:6379/2', 'ends with its nodes'],
    ['redis+cluster://', 'host:port'],
    ['redis+cluster://one:70000', 'host:port'],
    ['redis+cluster://:s3%zcr3t@one', 'write %25'],
    ['redis+sentinel://one:26379', 'the name of the primary'],
    ['redis+sentinel://one/mymaster/first', 'the name of the primary'],
    ['redis+sentinel://one/mymaster?password=s3cr3t', 'sentinelPassword'],
  ])('says what to write instead of %s, and repeats no password', (url, hint) => {
    const read = () => readRedisAddress(url)

    expect(read).toThrow(RedisUrlUnclear)
    expect(read).toThrow(hint)
    expect(read).not.toThrow('s3cr3t')
  })
})

describe('describeAddress', () => {
  it('tells where it is without user and password', () => {
    const told = [
      'redis+cluster://u:s3cr3t@a,b:7000',
      'redis+sentinel://:s3cr3t@a/mymaster?sentinelPassword=pw',
    ]
      .map(readRedisAddress)
      .map((address) => (address.kind === 'alone' ? '' : describeAddress(address)))

    expect(told).toEqual(['the cluster of a:6379, b:7000', 'mymaster of the Sentinels a:26379'])
  })
})

describe('toQueuePrefix', () => {
  const cluster = readRedisAddress('redis+cluster://a')

  it('puts the prefix in braces for a cluster alone', () => {
    expect(toQueuePrefix('headwater', cluster)).toBe('{headwater}')
    expect(toQueuePrefix('headwater', readRedisAddress('redis://a'))).toBe('headwater')
    expect(toQueuePrefix('a{}', readRedisAddress('redis+sentinel://a/mymaster'))).toBe('a{}')
  })

  it('keeps a part in braces that is there', () => {
    expect(toQueuePrefix('team-{7}', cluster)).toBe('team-{7}')
  })

  it.each(['{}', 'a{}b', 'a}b', '{a'])('refuses %s, which would not lie together', (prefix) => {
    expect(() => toQueuePrefix(prefix, cluster)).toThrow('such as {headwater}')
  })
})
