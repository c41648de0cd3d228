import { toNeo4jConf, toNeo4jJavaArgs } from '../../../src/local/neo4j-conf.ts'
import { toRedisConf } from '../../../src/local/redis-conf.ts'

function toSettings(conf: string): Record<string, string> {
  const lines = conf.split('\n').filter((line) => line.includes('=') && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => line.split('=', 2)))
}

describe('toNeo4jConf', () => {
  const conf = toNeo4jConf({ boltPort: 7001, neo4jHttpPort: 7002, heapMb: 512, pageCacheMb: 256 })
  const settings = toSettings(conf)

  it('listens on loopback only', () => {
    const addresses = Object.entries(settings).filter(([name]) => name.endsWith('_address'))

    expect(addresses.length).toBeGreaterThan(0)
    for (const [, address] of addresses) expect(address).toMatch(/^127\.0\.0\.1(:\d+)?$/)
    expect(settings['server.bolt.listen_address']).toBe('127.0.0.1:7001')
    expect(settings['server.http.listen_address']).toBe('127.0.0.1:7002')
  })

  it('sizes the memory', () => {
    expect(settings['server.memory.heap.max_size']).toBe('512m')
    expect(settings['server.memory.pagecache.size']).toBe('256m')
    expect(settings['db.memory.transaction.max']).toBe('256m')
  })

  it('keeps plans while the graph grows', () => {
    expect(settings['dbms.cypher.min_replan_interval']).toBe('10m')
  })

  it('reports nothing to anyone', () => {
    expect(settings['dbms.usage_report.enabled']).toBe('false')
    expect(settings['client.allow_telemetry']).toBe('false')
  })

  it('holds no absolute path, which Neo4j would read in another alphabet', () => {
    expect(Object.values(settings).filter((value) => value.startsWith('/'))).toEqual([])
  })
})

describe('toNeo4jJavaArgs', () => {
  it('quotes what java would else take apart', () => {
    const launch = {
      heapMb: 512,
      jarPaths: ['/a b/one.jar', '/a b/two.jar'],
      homeDir: '/a "b"',
      confDir: '/a\\b',
    }

    const lines = toNeo4jJavaArgs(launch).split('\n')

    expect(lines).toContain('"-Xmx512m"')
    expect(lines).toContain('"/a b/one.jar:/a b/two.jar"')
    expect(lines).toContain(String.raw`"--home-dir=/a \"b\""`)
    expect(lines).toContain(String.raw`"--config-dir=/a\\b"`)
  })

  it.each([
    [512, '-XX:+UseParallelGC'],
    [4096, '-XX:+UseParallelGC'],
    [4097, '-XX:+UseG1GC'],
  ])('collects a heap of %d MiB with %s alone', (heapMb, collector) => {
    const lines = toNeo4jJavaArgs({ heapMb, jarPaths: [], homeDir: '/', confDir: '/' }).split('\n')

    expect(lines.filter((line) => line.endsWith('GC"'))).toEqual([
      `"${collector}"`,
      '"-XX:+DisableExplicitGC"',
    ])
  })
})

describe('toRedisConf', () => {
  const conf = toRedisConf({ redisPort: 7003, redisDir: '/some where/redis' })

  it.each([
    'bind 127.0.0.1',
    'port 7003',
    'protected-mode yes',
    'dir "/some where/redis"',
    'appendonly yes',
    'appendfsync always',
    'maxmemory-policy noeviction',
    'daemonize no',
  ])('says %s', (line) => {
    expect(conf.split('\n')).toContain(line)
  })
})
