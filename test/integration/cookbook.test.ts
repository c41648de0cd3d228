import { readFileSync, writeFileSync } from 'node:fs'
import type { Driver } from 'neo4j-driver'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import { ask, connectReader, read } from '../support/ask.ts'
import { readQueries, readQuestions, readTitles, replaceResults, type Question } from '../support/cookbook.ts'
import { fixtureEvents, governanceEvents } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { connectPlanner, type Planner } from '../support/plans.ts'
import { putSomeRules } from '../support/rules.ts'

/** With it, the results in the cookbook are written anew instead of compared. */
const isUpdate = process.env['UPDATE_COOKBOOK'] === '1'

const batchSize = 50
const questionsMin = 20

/** Column names, rule and the end of the last line: a result that shows nothing teaches nothing. */
const linesOfNoRow = 3

const cookbookFile = new URL('../../docs/cypher-cookbook.md', import.meta.url)
const modelFile = new URL('../../docs/graph-model.md', import.meta.url)
const cookbook = readFileSync(cookbookFile, 'utf8')
const model = readFileSync(modelFile, 'utf8')
const identityPage = readFileSync(new URL('../../docs/identity.md', import.meta.url), 'utf8')
const questions = readQuestions(cookbook)
const sections = cookbook.split(/^(?=## )/m)
const governed = new Set(
  readTitles(sections.find((section) => section.startsWith('## People, tags and tests\n')) ?? ''),
)
const isWalk = ({ query }: { query: string }) => /\*\d*\.\.\d+/.test(query)

/** Properties that the page describes once for all that have them. */
const namesOfMany = new Set(['facetClocks', 'facets_other', 'key', 'lock'])

let graph: Graph
let driver: Driver
let planner: Planner

beforeAll(async () => {
  graph = connectTestGraph()
  driver = connectReader()
  planner = connectPlanner()
  await migrateGraph(graph, silent)
  await wipeGraph(graph)
  await putSomeRules(graph)
  await mergeInBatches(graph, fixtureEvents('airflow/', 'spark/'), batchSize)
  // Plans are chosen by how much of what there is; in an emptied graph these counts lag behind.
  await graph.runAlone(cypher`CALL db.prepareForReplanning()`)
}, 180_000)

afterAll(async () => {
  await planner.close()
  await driver.close()
  await graph.close()
})

describe('the Cypher cookbook', () => {
  const fresh = new Map<string, string>()

  afterAll(() => {
    if (isUpdate) writeFileSync(cookbookFile, replaceResults(cookbook, fresh))
  })

  it('holds enough questions, each with a query and a result', () => {
    expect(questions.length).toBeGreaterThanOrEqual(questionsMin)
    expect(questions.map(({ title }) => title)).toEqual(readTitles(cookbook))
    expect(new Set(questions.map(({ title }) => title)).size).toBe(questions.length)
  })

  /** What the page shows, or now shall show; and how many rows there are. */
  const answer = async ({ title, query, result }: Question) => {
    const found = await ask(driver, query)
    fresh.set(title, found)
    return { found, expected: isUpdate ? found : result, lines: found.split('\n').length }
  }

  it.each(questions.filter(({ title }) => !governed.has(title)))('answers: $title', async (question) => {
    const { found, expected, lines } = await answer(question)

    expect(found).toBe(expected)
    expect(lines).toBeGreaterThan(linesOfNoRow)
  })

  describe('about what is owned, tagged and tested', () => {
    beforeAll(async () => {
      await mergeInBatches(graph, governanceEvents(), batchSize)
    })

    it.each(questions.filter(({ title }) => governed.has(title)))('answers: $title', async (question) => {
      const { found, expected, lines } = await answer(question)

      expect(found).toBe(expected)
      expect(lines).toBeGreaterThan(linesOfNoRow)
    })
  })
})

describe('a query in the documentation', () => {
  const queries = [cookbook, model, identityPage].flatMap(readQueries)

  it.each(queries.filter(isWalk))('walks breadth first, each node once: $title', async ({ query }) => {
    const operators = await planner.explain(query)

    const walks = operators.filter((name) => /VarLength|Repeat|Trail/.test(name))
    expect(walks).not.toEqual([])
    expect(walks.filter((name) => !name.startsWith('VarLengthExpand(Pruning,BFS'))).toEqual([])
  })

  it.each(queries)('touches no node of another kind: $title', async ({ query }) => {
    expect(await planner.explain(query)).not.toContain('AllNodesScan')
  })

  it.each(queries.filter(({ query }) => /\{(?:namespace|runId):/.test(query)))(
    'finds what it names by an index: $title',
    async ({ query }) => {
      const operators = await planner.explain(query)

      expect(operators.filter((name) => name.endsWith('IndexSeek'))).not.toEqual([])
      expect(operators.filter((name) => name.endsWith('Scan'))).toEqual([])
    },
  )

  it.each(readQueries(model))('runs: $title', async ({ query }) => {
    expect(await ask(driver, query)).toContain('\n')
  })
})

describe('the page about the graph', () => {
  it('names every label, relationship and property that there is, or says that it is internal', async () => {
    const found = await findNames()

    const lines = model.split('\n').map(toCodeWords)
    const unnamed = found.filter(
      ({ owner, name }) =>
        !lines.some((words) => words.has(name) && (words.has(owner) || namesOfMany.has(name))),
    )
    expect(found.length).toBeGreaterThan(100)
    expect(unnamed).toEqual([])
  })
})

/** The words in what a line shows as code. */
function toCodeWords(line: string): Set<string> {
  return new Set([...line.matchAll(/`[^`]+`/g)].flatMap(([code]) => code.split(/\W+/)))
}

/** Each property that stands in the database with the label or relationship type that has it; facets share one rule. */
async function findNames(): Promise<{ owner: string; name: string }[]> {
  const { records } = await read(
    driver,
    `
    CALL () {
      MATCH (n) UNWIND labels(n) AS owner UNWIND keys(n) + [owner] AS name RETURN DISTINCT owner, name
      UNION
      MATCH ()-[r]->() UNWIND keys(r) + [type(r)] AS name RETURN DISTINCT type(r) AS owner, name
    }
    WITH owner, name WHERE NOT name STARTS WITH 'facet_'
    RETURN owner, name ORDER BY owner, name
  `,
  )
  return records.map((record) => ({ owner: String(record.get('owner')), name: String(record.get('name')) }))
}
