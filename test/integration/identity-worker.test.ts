import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addIdentityCommands } from '../../src/commands/identity.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { Logger } from '../../src/logger.ts'
import { readIdentityRules, startIdentityRules } from '../../src/roles/identity-rules.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aDatasetEvent } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, silent } from '../support/graph.ts'
import { runCommand } from '../unit/commands/run-command.ts'

let graph: Graph
let dir: string

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
  await wipeGraph(graph)
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'))
})

afterAll(async () => {
  await rm(dir, { recursive: true })
  await wipeGraph(graph)
  await graph.close()
})

async function aFile(rules: string): Promise<string> {
  const path = join(dir, `identity-${rules.length}.yaml`)
  await writeFile(path, rules)
  return path
}

async function post(collector: Collector, ...names: string[]): Promise<void> {
  const answers = []
  for (const name of names) {
    const event = aDatasetEvent({ dataset: { namespace: 's3://lake', name } })
    answers.push(await collector.post(JSON.stringify(event)))
  }
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201))
  await collector.merged(answers.map(({ body }) => String(body['id'])))
}

async function links(): Promise<unknown[]> {
  const rows = await graph.inRead((tx) =>
    tx.run(cypher`
      MATCH (a:Dataset)-[x:SAME_AS|PART_OF]->(b:Dataset)
      RETURN a.name + ' ' + type(x) + ' ' + b.name AS link ORDER BY link
    `),
  )
  return rows.map(({ link }) => link)
}

describe('a worker', () => {
  let collector: Collector

  beforeAll(async () => {
    collector = await startCollector({ IDENTITY_FILE: await aFile('partitions: {trimmers: []}') })
  })

  afterAll(async () => {
    await collector.close()
  })

  it('puts the rules of its file in force on a graph that has none', async () => {
    await post(collector, 'a/', 't/day=1')

    expect(await links()).toEqual(['a SAME_AS a/', 'a/ SAME_AS a'])
  })

  it('merges under other rules as soon as they are applied', async () => {
    const env = { ...process.env, IDENTITY_FILE: await aFile('trailingSlash: {schemes: []}') }
    const { exitCode } = await runCommand(addIdentityCommands, ['identity', 'apply'], env)

    await post(collector, 'b/', 't/day=2')

    expect(exitCode).toBe(0)
    expect(await links()).toEqual(['t/day=1 PART_OF t', 't/day=2 PART_OF t'])
  })

  it('does not start with a file that has mistakes', async () => {
    await expect(startCollector({ IDENTITY_FILE: await aFile('hosts: {}\ncase: {}\n') })).rejects.toThrow(
      expect.objectContaining({
        mistakes: [
          expect.stringMatching(/\.yaml:1: hosts must be a list\.$/),
          expect.stringMatching(/\.yaml:2: case must be a list\.$/),
        ],
      }),
    )
    expect(() => readIdentityRules({ identityFile: join(dir, 'none.yaml') })).toThrow(ConfigError)
  })
})

describe('a start on a graph whose rules are others', () => {
  it('leaves them in force and says what to do, where there is a file', async () => {
    const said: unknown[][] = []
    const log = {
      info: (...words: unknown[]) => said.push(words),
      warn: (...words: unknown[]) => said.push(words),
    } as unknown as Logger
    const start = async (identityFile: string) => {
      const config = readConfig({ IDENTITY_FILE: identityFile })
      await startIdentityRules(config, { graph, rules: readIdentityRules(config), log })
    }
    await wipeGraph(graph)

    const file = await aFile('case: []')
    await start(file)
    await start(file)
    expect(said).toEqual([[{ file }, 'identity rules put in force']])

    await start('')
    const other = await aFile('partitions: {trimmers: []}')
    await start(other)
    expect(said.slice(1)).toEqual([
      [
        { file: other, inForceSince: expect.any(String), by: 'first start' },
        expect.stringContaining('headwater identity apply'),
      ],
    ])
  })
})
