import neo4j from 'neo4j-driver'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { aheadStatements } from '../../src/read/lineage/look-ahead.ts'
import { followBothStatement, followStatement } from '../../src/read/lineage/step-statements.ts'
import {
  stepColumnsDownstreamStatement,
  stepColumnsUpstreamStatement,
} from '../../src/read/marquez/column-statements.ts'
import { stepDownstreamStatement, stepUpstreamStatement } from '../../src/read/marquez/lineage-statements.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { connectPlanner, type Planner } from '../support/plans.ts'

let graph: Graph
let planner: Planner

beforeAll(async () => {
  graph = connectTestGraph()
  planner = connectPlanner()
  await migrateGraph(graph, silent)
})

afterAll(async () => {
  await planner.close()
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

async function explain(statement: string): Promise<string[]> {
  return await planner.explain(statement, parameters)
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
    const operators = await explain(statement)

    expect(operators).toContain('NodeByElementIdSeek')
    expect(operators.filter((operator) => /Scan|CartesianProduct/.test(operator))).toEqual([])
    expect(operators.join(' ')).toMatch(/(?:EagerAggregation .*|^(?!.*EagerAggregation).*)Limit/)
  })

  it.each(Object.entries(aheadStatements))(
    'runs ahead %s through each node once, and gathers no more than it takes',
    async (way, statement) => {
      const operators = await planner.explain(statement, { ...parameters, max: neo4j.int(10) })

      expect(operators).toContain('NodeByElementIdSeek')
      expect(operators).toContain('VarLengthExpand(Pruning,BFS,All)')
      expect(operators.filter((operator) => /Scan|CartesianProduct/.test(operator))).toEqual([])
      // One way, what reads or writes the datasets met is met apart.
      expect(operators.filter((operator) => operator === 'Limit')).toHaveLength(way === 'either' ? 1 : 2)
    },
  )

  it('asks for the job of an edge by its whole name, where an edge is not current', async () => {
    const ofJob =
      'MATCH (j:Job {namespace: r.jobNamespace, name: r.jobName}) USING INDEX j:Job(namespace, name)'
    const edge = 'MATCH (n)-[r:FEEDS]->() WHERE elementId(n) = $ids[0] WITH r LIMIT 1'

    // What stands within an expression is not in a plan.
    expect(followStatement.split(ofJob)).toHaveLength(4)
    expect(followBothStatement.split(ofJob)).toHaveLength(3)
    expect(await explain(`${edge} ${ofJob} RETURN j`)).toContain('NodeUniqueIndexSeek')
  })
})
