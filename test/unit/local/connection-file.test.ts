import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConnection, writeConnection } from '../../../src/local/connection-file.ts'

describe('the connection file', () => {
  const connection = {
    redisUrl: 'redis://127.0.0.1:6379',
    neo4jUri: 'bolt://127.0.0.1:7687',
    neo4jUser: 'neo4j',
    neo4jPassword: 'secret',
    neo4jDatabase: 'neo4j',
    collectorUrl: 'http://127.0.0.1:5000',
  }
  let path: string

  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), 'connection-')), 'connection.json')
  })
  afterEach(() => rm(join(path, '..'), { recursive: true }))

  it('can be read by its owner alone', async () => {
    await writeConnection(path, connection)

    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('gives back what was written', async () => {
    await writeConnection(path, connection)

    expect(await readConnection(path)).toEqual(connection)
  })

  it('is nothing where there is no file', async () => {
    expect(await readConnection(path)).toBeUndefined()
  })
})
