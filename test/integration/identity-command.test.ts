import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addIdentityCommands } from '../../src/commands/identity.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import { aDatasetEvent, aJobEvent, received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { dumpBesideChanges, putSomeRules } from '../support/rules.ts'
import { runCommand, type CommandRun } from '../unit/commands/run-command.ts'

let graph: Graph
let dir: string

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'))
})

afterAll(async () => {
  await rm(dir, { recursive: true })
  await wipeGraph(graph)
  await graph.close()
})

beforeEach(async () => {
  await wipeGraph(graph)
})

async function run(args: readonly string[], rules = ''): Promise<CommandRun> {
  const file = join(dir, 'identity.yaml')
  await writeFile(file, rules)
  return await runCommand(addIdentityCommands, ['identity', ...args], { ...process.env, IDENTITY_FILE: file })
}

function named(namespace: string, name: string) {
  return received(aDatasetEvent({ dataset: { namespace, name } }))
}

const events = [
  ...Array.from({ length: 5 }, (_, n) => named('s3://lake', `sales/day=${n}`)),
  named('s3://old', 'raw/'),
  named('s3://lake', 'raw'),
  received(aJobEvent({ job: { namespace: 'spark', name: 'etl_7' } })),
]

const rules = `
partitions: {trimmers: []}
hosts: [{host: lake, aliases: [old], schemes: [s3]}]
jobs: [{rule: numbers, pattern: '_[0-9]+$', replacement: ''}]
`

const countLinks = cypher`MATCH (a)-[x:SAME_AS|PART_OF]->() WHERE a:Dataset OR a:Job RETURN type(x) AS type, count(x) AS count ORDER BY type`

describe('identity preview', () => {
  it('tells what would be joined and parted, and changes nothing', async () => {
    await putSomeRules(graph)
    await mergeInBatches(graph, events, 10)
    const before = await dumpBesideChanges(graph)

    const { stdout, exitCode } = await run(['preview', '--limit', '2'], rules)

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /^Compared with the rules in force since 20[\d:.TZ-]+, by test, the rules of the file\n/,
    )
    expect(stdout.split('\n').slice(1)).toEqual([
      '  join or take for parts 2 names: 1 by hosts+trailingSlash, 1 by numbers',
      '  part 6 names: 5 by partitions, 1 by trailingSlash',
      '  give another reason for 0 links that stay',
      '7 datasets and 1 jobs were looked at; 0 of them are not linked under the rules in force yet.',
      'Joined or parts then:',
      '  "s3://old raw/" SAME_AS "s3://lake raw" (hosts+trailingSlash)',
      '  "spark etl_7" SAME_AS "spark etl" (numbers)',
      'Parted then:',
      '  "s3://lake sales/day=0" PART_OF "s3://lake sales" (partitions)',
      '  "s3://lake sales/day=1" PART_OF "s3://lake sales" (partitions)',
      '  and 4 more (--limit)',
      'Nothing has been changed. `headwater identity apply` does it.',
      '',
    ])
    expect(await dumpBesideChanges(graph)).toEqual(before)
  })

  it('tells the same as JSON', async () => {
    await putSomeRules(graph)
    await mergeInBatches(graph, events, 10)

    const { stdout } = await run(['preview', '--json', '--limit', '1'], rules)

    expect(JSON.parse(stdout)).toEqual({
      inForce: { id: expect.any(String), at: expect.any(String), by: 'test' },
      isSame: false,
      names: { datasets: 7, jobs: 1 },
      behind: 0,
      joined: {
        count: 2,
        bySource: { 'hosts+trailingSlash': 1, numbers: 1 },
        links: [
          {
            kind: 'SAME_AS',
            from: { namespace: 's3://old', name: 'raw/' },
            to: { namespace: 's3://lake', name: 'raw' },
            source: 'hosts+trailingSlash',
          },
        ],
        leftOut: 1,
      },
      parted: {
        count: 6,
        bySource: { partitions: 5, trailingSlash: 1 },
        links: [
          {
            kind: 'PART_OF',
            from: { namespace: 's3://lake', name: 'sales/day=0' },
            to: { namespace: 's3://lake', name: 'sales' },
            source: 'partitions',
          },
        ],
        leftOut: 5,
      },
      renamed: 0,
    })
  })

  it('tells of names that are behind, where there were no rules before', async () => {
    await mergeInBatches(graph, events, 10)

    const { stdout } = await run(['preview', '--limit', '0'])

    expect(stdout).toContain('Compared with no rules at all')
    expect(stdout).toContain('join or take for parts 6 names')
    expect(stdout).toContain('and 6 more (--limit)')
  })

  it('names every mistake of the file, with exit code 2', async () => {
    const { stderr, exitCode } = await run(['preview'], 'hosts: 1\njobs: [{rule: 1}]\n')

    expect(exitCode).toBe(2)
    expect(stderr).toContain('identity.yaml:1: hosts must be a list.')
    expect(stderr).toContain('identity.yaml:2: jobs[0] lacks its pattern')
  })
})

describe('identity apply', () => {
  it('does what the preview told, and tells of nothing afterwards', async () => {
    await putSomeRules(graph)
    await mergeInBatches(graph, events, 10)

    const applied = await run(['apply', '--by', 'anna'], rules)

    expect(applied).toMatchObject({ exitCode: 0, stdout: '' })
    expect(applied.stderr).toMatch(/8 names were linked anew\.\n$/)
    // The one name in s3://old, and the one job, each way.
    expect(await graph.inRead((tx) => tx.run(countLinks))).toEqual([{ type: 'SAME_AS', count: 4 }])
    const preview = await run(['preview'], rules)
    expect(preview.stdout).toMatch(/^These are the rules in force since 20[\d:.TZ-]+, by anna\.\n/)
    expect(preview.stdout).toContain('There is nothing to do.')
    const again = await run(['apply'], rules)
    expect(again.stderr).toContain('by "anna"')
    expect(again.stderr).toContain('0 names were linked anew.')
  })

  it('links what was merged before there were rules', async () => {
    await mergeInBatches(graph, events, 10)

    await run(['apply'])

    expect(await graph.inRead((tx) => tx.run(countLinks))).toEqual([
      { type: 'PART_OF', count: 5 },
      { type: 'SAME_AS', count: 2 },
    ])
  })
})

describe('identity show', () => {
  it('prints rules that can be applied again', async () => {
    await run(['apply', '--by', 'anna'], rules)
    const shown = await run(['show'])
    const again = await run(['preview'], shown.stdout)

    expect(shown.stdout).toMatch(
      /^# In force since 20[\d:.TZ-]+, by "anna" \(Change [0-9a-f-]+\)\ntrailingSlash:\n/,
    )
    expect(again.stdout).toContain('These are the rules in force')
  })

  it('says where there are none', async () => {
    const { exitCode, stderr } = await run(['show'])

    expect(exitCode).toBe(1)
    expect(stderr).toContain('No identity rules are in force yet')
  })
})
