import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { migrateGraph } from '../../src/graph/migrate.ts'
import type { RunEvent } from '../../src/openlineage/events.ts'
import { askImpact, askLineage, askPaths, distancesOf, seesOnly } from '../support/ask-lineage.ts'
import { received } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await migrateGraph(graph, silent)
  await wipeGraph(graph)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

const at = (instant: string) => ({ from: instant, until: instant })

/** It lies beside this repository: without it these tests are skipped, and say so. */
const generator = fileURLToPath(new URL('../../../shared/bench/gen.mjs', import.meta.url))
const whereGenerated = existsSync(generator) ? describe : describe.skip
if (!existsSync(generator)) console.warn('skipped: the generator of a warehouse is not there (../shared)')

interface Manifest {
  middle: { nodeId: string; nodesIncludingItself: Record<string, Record<string, number>> }
}

whereGenerated('lineage of a generated warehouse (left out where its generator is not at hand)', () => {
  let manifest: Manifest

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'warehouse-'))
    const out = join(dir, 'events.ndjson')
    execFileSync(process.execPath, [
      generator,
      '--jobs',
      '100',
      '--runs-per-job',
      '1',
      '--seed',
      '7',
      '--out',
      out,
    ])
    manifest = JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8')) as Manifest
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    rmSync(dir, { recursive: true })
    await mergeInBatches(
      graph,
      lines.map((line) => received(JSON.parse(line) as RunEvent)),
      100,
    )
  }, 300_000)

  it('has exactly as many nodes upstream, downstream and either way, at each depth from 1 to 20', async () => {
    const { nodeId, nodesIncludingItself } = manifest.middle
    const counts: Record<string, Record<string, number>> = {}
    for (const depth of Object.keys(nodesIncludingItself)) {
      counts[depth] = {}
      for (const direction of ['upstream', 'downstream', 'either'] as const) {
        const asked = {
          of: [nodeId],
          granularity: 'flow',
          depth: Number(depth),
          nodesMax: 20_000,
          direction,
        } as const
        counts[depth][direction] = (await askLineage(graph, asked)).nodes.length
      }
    }

    expect(counts).toEqual(nodesIncludingItself)
  })

  it('has the same nodes as of a time after all runs, and none but itself before', async () => {
    const of = [manifest.middle.nodeId]

    const now = await askLineage(graph, { of, granularity: 'flow' })
    const after = await askLineage(graph, {
      of,
      granularity: 'flow',
      span: at('2026-02-01T00:00:00.000000000Z'),
    })
    const before = await askLineage(graph, {
      of,
      granularity: 'flow',
      span: at('2025-12-01T00:00:00.000000000Z'),
    })

    expect(after).toEqual(now)
    expect(before.nodes).toHaveLength(1)
  })
})

const wall = (name: string) => `dataset:shapes:${name}`

describe('walks through hard shapes', () => {
  it('pass thirty diamonds in a row and come back through a cycle, each node once', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        UNWIND range(0, 30) AS i
        MERGE (a:Dataset {namespace: 'shapes', name: 'n' + i})
        WITH i WHERE i < 30
        UNWIND ['l', 'r'] AS side
        MATCH (a:Dataset {namespace: 'shapes', name: 'n' + i})
        MATCH (b:Dataset {namespace: 'shapes', name: 'n' + (i + 1)})
        CREATE (a)-[:FEEDS {key: 'in' + side + i, current: true, derivation: 'IO'}]->
          (:Dataset {namespace: 'shapes', name: side + i})
          -[:FEEDS {key: 'out' + side + i, current: true, derivation: 'IO'}]->(b)
        WITH DISTINCT 1 AS done
        MATCH (last:Dataset {namespace: 'shapes', name: 'n30'}), (first:Dataset {namespace: 'shapes', name: 'n0'})
        CREATE (last)-[:FEEDS {key: 'back', current: true, derivation: 'IO'}]->(first)
      `),
    )

    const answer = await askLineage(graph, { of: [wall('n0')], direction: 'downstream', depth: 100 })
    const { paths } = await askPaths(graph, { of: [wall('n0')], to: wall('n30'), depth: 100, max: 5 })

    expect(answer.nodes).toHaveLength(91)
    expect(answer.edges).toHaveLength(121)
    expect(distancesOf(answer, 'downstreamDistance')[wall('n30')]).toBe(60)
    expect(answer.truncated).toEqual({ nodes: false, depth: false, edges: false, fanOut: [] })
    expect(paths.map(({ nodes }) => nodes.length)).toEqual([61, 61, 61, 61, 61])
    expect(new Set(paths.map(({ nodes }) => nodes.join(' '))).size).toBe(5)
  })

  it('reach all names of one dataset at one distance, and a table from its partition but no sibling', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        UNWIND ['source', 'end', 'table', 'sibling', 'other'] AS name
        CREATE (:Dataset {namespace: 'names', name: name})
        WITH count(*) AS done
        UNWIND range(0, 19) AS i
        CREATE (:Dataset {namespace: 'names', name: 'alias' + i})
        WITH count(*) AS done
        MATCH (a:Dataset {namespace: 'names'}), (b:Dataset {namespace: 'names'})
        WHERE a.name STARTS WITH 'alias' AND b.name STARTS WITH 'alias' AND a <> b
        CREATE (a)-[:SAME_AS {key: a.name + b.name, source: 'SYMLINK'}]->(b)
        WITH count(*) AS done
        MATCH (source:Dataset {namespace: 'names', name: 'source'}), (end:Dataset {namespace: 'names', name: 'end'}),
          (first:Dataset {namespace: 'names', name: 'alias0'}), (last:Dataset {namespace: 'names', name: 'alias19'}),
          (table:Dataset {namespace: 'names', name: 'table'}), (sibling:Dataset {namespace: 'names', name: 'sibling'}),
          (other:Dataset {namespace: 'names', name: 'other'})
        CREATE (source)-[:FEEDS {key: 'a', current: true}]->(first), (last)-[:FEEDS {key: 'b', current: true}]->(end),
          (end)-[:PART_OF {key: 'c', source: 'partitions'}]->(table), (sibling)-[:PART_OF {key: 'd', source: 'partitions'}]->(table),
          (table)-[:FEEDS {key: 'e', current: true}]->(other)
      `),
    )

    const down = await askLineage(graph, { of: ['dataset:names:source'], direction: 'downstream' })
    const up = await askLineage(graph, { of: ['dataset:names:other'], direction: 'upstream', depth: 1 })
    const { paths } = await askPaths(graph, { of: ['dataset:names:source'], to: 'dataset:names:other' })

    const distances = distancesOf(down, 'downstreamDistance')
    const aliases = Object.entries(distances).filter(([id]) => id.includes('alias'))
    expect(aliases).toHaveLength(20)
    expect(new Set(aliases.map(([, distance]) => distance))).toEqual(new Set([1]))
    expect(distances).toMatchObject({
      'dataset:names:end': 2,
      'dataset:names:table': 2,
      'dataset:names:other': 3,
    })
    expect(distances).not.toHaveProperty('dataset:names:sibling')
    expect(Object.keys(distancesOf(up, 'upstreamDistance'))).toEqual(
      expect.arrayContaining(['dataset:names:table', 'dataset:names:end', 'dataset:names:sibling']),
    )
    expect(paths[0]?.nodes).toEqual(
      ['source', 'alias0', 'alias19', 'end', 'table', 'other'].map((name) => `dataset:names:${name}`),
    )
  })

  it('go either way from a partition to its table, on to its siblings and out of both', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        CREATE (before:Dataset {namespace: 'parts', name: 'before'})-[:FEEDS {key: 'p1', current: true}]->
          (day1:Dataset {namespace: 'parts', name: 'day1'})-[:PART_OF {key: 'p2', source: 'partitions'}]->
          (table:Dataset {namespace: 'parts', name: 'table'})-[:FEEDS {key: 'p3', current: true}]->
          (:Dataset {namespace: 'parts', name: 'after'}),
          (:Dataset {namespace: 'parts', name: 'day2'})-[:PART_OF {key: 'p4', source: 'partitions'}]->(table)
      `),
    )

    const answer = await askLineage(graph, { of: ['dataset:parts:before'], direction: 'either' })

    expect(distancesOf(answer, 'distance')).toEqual({
      'dataset:parts:before': 0,
      'dataset:parts:day1': 1,
      'dataset:parts:table': 1,
      'dataset:parts:day2': 1,
      'dataset:parts:after': 2,
    })
    expect(answer.edges.map(({ from, to, kind }) => [kind, from, to].join(' ')).toSorted()).toEqual([
      'FEEDS dataset:parts:before dataset:parts:day1',
      'FEEDS dataset:parts:table dataset:parts:after',
      'PART_OF dataset:parts:day1 dataset:parts:table',
      'PART_OF dataset:parts:day2 dataset:parts:table',
    ])
  })

  it('show what goes past the beginning, and what a thing makes of itself, each once', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        CREATE (above:Dataset {namespace: 'past', name: 'above'}), (root:Dataset {namespace: 'past', name: 'root'}),
          (below:Dataset {namespace: 'past', name: 'below'})
        CREATE (above)-[:FEEDS {key: 'q1', current: true}]->(root)-[:FEEDS {key: 'q2', current: true}]->(below),
          (above)-[:FEEDS {key: 'q3', current: true}]->(below), (root)-[:FEEDS {key: 'q4', current: true}]->(root),
          (below)-[:FEEDS {key: 'q5', current: false}]->(above)
      `),
    )
    const of = ['dataset:past:root']
    const edgesOf = async (direction: 'both' | 'either') =>
      (await askLineage(graph, { of, direction })).edges
        .map(({ from, to }) => [from, to].join(' ').replaceAll('dataset:past:', ''))
        .toSorted()

    const expected = ['above below', 'above root', 'root below', 'root root']
    // An edge that no job has set to current, and of whose job nothing is known, holds no more.
    expect(await edgesOf('both')).toEqual(expected)
    expect(await edgesOf('either')).toEqual(expected)
  })

  it('go along control flow only where it is asked for', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        CREATE (a:Job {namespace: 'control', name: 'a', version: 'v'})-[:PRECEDES {key: 'c1', current: true, source: 'AIRFLOW'}]->
          (b:Job {namespace: 'control', name: 'b', version: 'v'})-[:WRITES {current: true}]->
          (:Dataset {namespace: 'control', name: 'd'}),
          (a)-[:PRECEDES {key: 'c2', current: false, source: 'AIRFLOW'}]->(:Job {namespace: 'control', name: 'old', version: 'v'})
      `),
    )
    const asked = { of: ['job:control:a'], direction: 'downstream', granularity: 'flow' } as const

    const data = await askLineage(graph, asked)
    const control = await askLineage(graph, { ...asked, isControl: true })
    const either = await askLineage(graph, { ...asked, direction: 'either', isControl: true })

    expect(Object.keys(distancesOf(data, 'downstreamDistance'))).toEqual(['job:control:a'])
    expect(distancesOf(control, 'downstreamDistance')).toEqual({
      'job:control:a': 0,
      'job:control:b': 1,
      'dataset:control:d': 2,
    })
    expect(control.edges[0]).toMatchObject({ kind: 'PRECEDES', source: 'AIRFLOW' })
    expect(Object.keys(distancesOf(either, 'distance'))).toHaveLength(3)
  })

  it('bridge what has not the tag that is asked for', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        CREATE (:Dataset {namespace: 'tags', name: 'a'})-[:FEEDS {key: 't1', current: true}]->
          (:Dataset {namespace: 'tags', name: 'b'})-[:FEEDS {key: 't2', current: true}]->
          (c:Dataset {namespace: 'tags', name: 'c'})-[:TAGGED {source: 'USER', key: 't3'}]->(:Tag {key: 'PII', value: ''})
      `),
    )

    const answer = await askLineage(graph, {
      of: ['dataset:tags:a'],
      direction: 'downstream',
      tags: ['PII'],
    })

    expect(distancesOf(answer, 'downstreamDistance')).toEqual({ 'dataset:tags:a': 0, 'dataset:tags:c': 1 })
    expect(answer.edges).toMatchObject([
      { from: 'dataset:tags:a', to: 'dataset:tags:c', via: ['dataset:tags:b'] },
    ])
  })

  it('cut a hub with 50,000 neighbours and say so', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        CREATE (hub:Dataset {namespace: 'hubs', name: 'hub'}), (before:Dataset {namespace: 'hubs', name: 'before'})
        CREATE (before)-[:FEEDS {key: 'hub', current: true, derivation: 'IO'}]->(hub)
        WITH hub
        UNWIND range(1, 50000) AS i
        CREATE (hub)-[:FEEDS {key: 'hub' + i, current: true, derivation: 'IO'}]->(:Dataset {namespace: 'hubs', name: 'leaf' + i})
      `),
    )

    const small = await askLineage(graph, { of: ['dataset:hubs:before'] })
    const large = await askLineage(graph, { of: ['dataset:hubs:before'], nodesMax: 20_000 })
    const upstream = await askLineage(graph, { of: ['dataset:hubs:leaf50000'], direction: 'upstream' })
    const impact = await askImpact(graph, { of: ['dataset:hubs:before'], nodesMax: 20_000 })

    expect(small.nodes).toHaveLength(1002)
    expect(small.truncated).toMatchObject({ fanOut: ['dataset:hubs:hub'] })
    expect(large.nodes.length).toBeLessThanOrEqual(20_000)
    expect(large.truncated).toMatchObject({ fanOut: ['dataset:hubs:hub'] })
    expect(upstream.nodes).toHaveLength(3)
    expect(upstream.truncated.fanOut).toEqual([])
    expect(impact.truncated.fanOut).toEqual(['dataset:hubs:hub'])
  }, 120_000)

  it('leave out what a reader may not see, do not pass through it, and count it', async () => {
    await graph.inWrite((tx) =>
      tx.run(cypher`
        CREATE (:Dataset {namespace: 'open', name: 'a'})-[:FEEDS {key: 'r1', current: true, jobNamespace: 'secret', jobName: 'j'}]->
          (:Dataset {namespace: 'open', name: 'b'})-[:FEEDS {key: 'r2', current: true}]->
          (:Dataset {namespace: 'secret', name: 'c'})-[:FEEDS {key: 'r3', current: true}]->(:Dataset {namespace: 'open', name: 'd'})
      `),
    )
    const reader = seesOnly('open')

    const answer = await askLineage(graph, { of: ['dataset:open:a'], reader })
    const impact = await askImpact(graph, { of: ['dataset:open:a'], reader })

    expect(answer.nodes.map(({ id }) => id)).toEqual(['dataset:open:a', 'dataset:open:b'])
    expect(answer.edges.map(({ job }) => job)).toEqual([undefined])
    expect(answer.hidden).toBe(1)
    expect(JSON.stringify(answer)).not.toContain('secret')
    expect(JSON.stringify(impact)).not.toContain('secret')
    await expect(askLineage(graph, { of: ['dataset:secret:c'], reader })).rejects.toThrow(
      'There is no dataset:secret:c',
    )
  })
})
