import neo4j from 'neo4j-driver'

/** Asks the graph what a load has left in it, as cheaply as can be: what asks shares the machine with what is measured. */
export function connectBenchGraph({ neo4jUri, neo4jUser, neo4jPassword, neo4jDatabase }) {
  const driver = neo4j.driver(neo4jUri, neo4j.auth.basic(neo4jUser, neo4jPassword), {
    disableLosslessIntegers: true,
  })
  const ask = async (statement, parameters = {}) => {
    const session = driver.session({ database: neo4jDatabase })
    try {
      const { records } = await session.run(statement, parameters)
      return records.map((record) => record.toObject())
    } finally {
      await session.close()
    }
  }
  return {
    ask,
    /** A number that Neo4j keeps, and need not count. */
    async countEvents() {
      const [{ found }] = await ask('MATCH (e:Event) RETURN count(e) AS found')
      return found
    },
    /** Those of the ids whose events are in the graph. */
    async findEvents(ids) {
      const rows = await ask('UNWIND $ids AS id MATCH (e:Event {id: id}) RETURN e.id AS id', { ids })
      return rows.map(({ id }) => id)
    },
    close: () => driver.close(),
  }
}
