import neo4j, { type Driver, type Plan } from 'neo4j-driver'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { followBothStatement, followStatement } from '../../src/read/lineage/step-statements.ts'
import {
  stepColumnsDownstreamStatement,
  stepColumnsUpstreamStatement,
} from '../../src/read/marquez/column-statements.ts'
import { stepDownstreamStatement, stepUpstreamStatement } from '../../src/read/marquez/lineage-statements.ts'
import { connectTestGraph, silent } from '../support/graph.ts'

let graph: Graph
let driver: Driver

beforeAll(async () => {
  graph = connectTestGraph()
  const { NEO4J_URI = '', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = '' } = process.env
  driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
  await migrateGraph(graph, silent)
})

afterAll(async () => {
  await driver.close()
  await graph.close()
})

const parameters = {
  ids: ['4:none:0'],
  nodes: ['4:none:0'],
  walked: 'flow',
  isDown: true,
  isUp: false,
  isInTime: false,
  isControl: false,
  derivations: ['COLUMN'],
  jobNamespaces: ['a'],
  jobTypes: ['B'],
  visible: ['c'],
  flowsOfNode: neo4j.int(10),
  fan: neo4j.int(10),
}

async function explain(statement: string): Promise<Plan> {
  const session = driver.session()
  try {
    const { summary } = await session.run(`EXPLAIN ${statement}`, parameters)
    if (summary.plan === false) throw new Error('Neo4j gave no plan.')
    return summary.plan
  } finally {
    await session.close()
  }
}

function operatorsOf(plan: Plan): string[] {
  return [plan.operatorType.replace('@neo4j', ''), ...plan.children.flatMap(operatorsOf)]
}

describe('a step of a walk', () => {
  it.each(
    Object.entries({
      followStatement,
      followBothStatement,
      stepUpstreamStatement,
      stepDownstreamStatement,
      stepColumnsUpstreamStatement,
      stepColumnsDownstreamStatement,
    }),
  )('%s begins at its nodes, scans nothing, and stops at a hub before it gathers', async (_, statement) => {
    const operators = operatorsOf(await explain(statement))

    expect(operators).toContain('NodeByElementIdSeek')
    expect(operators.filter((operator) => /Scan|CartesianProduct/.test(operator))).toEqual([])
    expect(operators.join(' ')).toMatch(/(?:EagerAggregation .*|^(?!.*EagerAggregation).*)Limit/)
  })

  it('asks for the job of an edge by its whole name, where an edge is not current', async () => {
    const ofJob =
      'MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name)'
    const edge = 'MATCH (n)-[r:FEEDS]->() WHERE elementId(n) = $ids[0] WITH r LIMIT 1'

    // What stands within an expression is not in a plan.
    expect(followStatement.split(ofJob)).toHaveLength(4)
    expect(followBothStatement.split(ofJob)).toHaveLength(3)
    expect(operatorsOf(await explain(`${edge} ${ofJob} RETURN j`))).toContain('NodeUniqueIndexSeek')
  })
})
