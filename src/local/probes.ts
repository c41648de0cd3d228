import { connect } from 'node:net'
import neo4j from 'neo4j-driver'
import type { Connection } from './connection-file.ts'
import { toErrorCode } from './error-code.ts'
import { LocalError } from './local-error.ts'

const probeMsMax = 2000

/** Whether Redis answers PING; while it loads its file it answers, but not that. */
export async function isRedisReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const answer = (isReady: boolean) => {
      socket.destroy()
      resolve(isReady)
    }
    socket.setTimeout(probeMsMax, () => answer(false))
    socket.once('error', () => answer(false))
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')))
  })
}

/** Whether an HTTP address answers 200. */
export async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(probeMsMax) })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

type Neo4jAddress = Pick<Connection, 'neo4jUri' | 'neo4jUser' | 'neo4jPassword' | 'neo4jDatabase'>

/**
 * Whether Neo4j takes statements in the database.
 * @throws {LocalError} where it does not know the password
 */
export async function isNeo4jReady(address: Neo4jAddress): Promise<boolean> {
  const auth = neo4j.auth.basic(address.neo4jUser, address.neo4jPassword)
  const driver = neo4j.driver(address.neo4jUri, auth, {
    connectionTimeout: probeMsMax,
    maxTransactionRetryTime: 0,
  })
  try {
    await driver.executeQuery('RETURN 1', {}, { database: address.neo4jDatabase })
    return true
  } catch (error) {
    if (isWrongPassword(error)) {
      throw new LocalError(
        `Neo4j does not take the password of DATA_DIR/neo4j/password. Was it changed? Put the right one into that file, ` +
          'or move DATA_DIR away to start with an empty graph.',
        { cause: error },
      )
    }
    return false
  } finally {
    await driver.close()
  }
}

function isWrongPassword(error: unknown): boolean {
  return toErrorCode(error) === 'Neo.ClientError.Security.Unauthorized'
}
