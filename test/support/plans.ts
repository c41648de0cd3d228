import neo4j, { type Plan } from 'neo4j-driver'

/** Tells how Neo4j would answer a statement, over a connection of its own. */
export interface Planner {
  /** The operators of the statement's plan, the last one first. Parameters have to be of the types that they have in use. */
  explain: (statement: string, parameters?: Record<string, unknown>) => Promise<string[]>
  close: () => Promise<void>
}

export function connectPlanner(): Planner {
  const { NEO4J_URI = '', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = '' } = process.env
  const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
  return {
    explain: async (statement, parameters = {}) => {
      const { summary } = await driver.executeQuery(`EXPLAIN ${statement}`, parameters)
      if (summary.plan === false) throw new Error(`Neo4j gave no plan of ${statement}`)
      return operatorsOf(summary.plan)
    },
    close: () => driver.close(),
  }
}

function operatorsOf({ operatorType, children }: Plan): string[] {
  return [operatorType.replace(/@.*$/, ''), ...children.flatMap(operatorsOf)]
}
