import neo4j, { type Driver } from 'neo4j-driver'
import { toTable } from './cookbook.ts'

/** A driver for queries as the documentation shows them. */
export function connectReader(): Driver {
  const { NEO4J_URI = '', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = '' } = process.env
  return neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD), {
    disableLosslessIntegers: true,
  })
}

/** Runs a query in a transaction that may only read. */
export async function read(driver: Driver, query: string) {
  const { NEO4J_DATABASE: database = 'neo4j' } = process.env
  return await driver.executeQuery(query, {}, { database, routing: neo4j.routing.READ })
}

/** The answer as the documentation shows it. */
export async function ask(driver: Driver, query: string): Promise<string> {
  const { records, keys } = await read(driver, query)
  return toTable(
    keys,
    records.map((record) => keys.map((key): unknown => record.get(key))),
  )
}
