import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { isPassingTrouble } from '../../src/graph/passing-trouble.ts'
import { WipeUnderWay } from '../../src/graph/wipe-guard.ts'
import { mergeEvents } from '../support/merge-events.ts'
import { connectLaneControl, type LaneControl } from '../../src/queue/lane-control.ts'
import { runCommand, startCommand, type RunningCommand } from '../support/command.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aDatasetEvent, aRunEvent, fixtureTexts, received } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { generatedTexts } from '../support/generated-events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { countJobs, silent } from '../support/graph.ts'
import { idOf, postTexts, sendTexts } from '../support/send-texts.ts'

const testMsMax = 400_000
const prefix = `test-rebuild-${process.pid}`
const env = { QUEUE_PREFIX: prefix }

let collector: Collector
let lanes: LaneControl

beforeAll(async () => {
  collector = await startCollector(env)
  const { REDIS_URL: redisUrl = '' } = process.env
  lanes = await connectLaneControl({ redisUrl, prefix, log: silent })
})

beforeEach(async () => await wipeGraph(collector.graph))

afterAll(async () => {
  await wipeGraph(collector.graph)
  await lanes.close()
  await collector.close()
})

const send = async (texts: readonly string[]) => await sendTexts(collector, texts)

async function readPhase(graph: Graph): Promise<unknown> {
  const [row] = await graph.inRead((tx) => tx.run(cypher`MATCH (r:Rebuild) RETURN r.phase AS phase`))
  return row?.['phase']
}

/** A property of our own on what a rebuild makes anew: where it is gone, the node is a new one. */
const scribble = cypher`MATCH (n:Job|Run|Dataset) SET n.scribbled = true`

/** Kills a command as soon as it has said this. */
async function killAt(command: RunningCommand, sentence: string): Promise<void> {
  await eventually(() => command.said().includes(sentence), { withinMs: 60_000 })
  command.process.kill('SIGKILL')
  await command.ended
}

describe('a rebuild in place', () => {
  it(
    'makes the graph of the real Airflow and Spark events anew, equal to the one before',
    async () => {
      const texts = fixtureTexts()
      await send(texts)
      const before = await dumpGraph(collector.graph)
      await collector.graph.inWrite((tx) => tx.run(scribble))

      const { code, said } = await runCommand(['rebuild'], env)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringContaining(`${texts.length} events merged.`) as string,
      })
      expect(await dumpGraph(collector.graph)).toEqual(before)
      expect(await lanes.paused()).toEqual([])
    },
    testMsMax,
  )

  it(
    'misses nothing of what comes in meanwhile',
    async () => {
      const texts = fixtureTexts()
      await send(texts)
      const expected = await dumpGraph(collector.graph)
      await wipeGraph(collector.graph)
      const half = texts.filter((_, index) => index % 2 === 0)
      const rest = texts.filter((_, index) => index % 2 === 1)
      await send(half)

      const rebuild = startCommand(['rebuild'], env)
      await eventually(() => rebuild.said().includes('The workers are paused'), { withinMs: 60_000 })
      await postTexts(collector, rest)
      const { code } = await rebuild.ended

      expect(code).toBe(0)
      await collector.merged(texts.map(idOf))
      expect(await dumpGraph(collector.graph)).toEqual(expected)
    },
    testMsMax,
  )

  it(
    'can be killed at any point and run again',
    async () => {
      const texts = generatedTexts(800)
      await send(texts)
      const before = await dumpGraph(collector.graph)

      await killAt(startCommand(['rebuild'], env), 'The graph is being emptied')
      expect(['WIPING', 'MERGING']).toContain(await readPhase(collector.graph))
      await killAt(startCommand(['rebuild'], env), 'The workers go on')
      expect(await readPhase(collector.graph)).toBe('MERGING')
      const { code, said } = await runCommand(['rebuild'], env)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringContaining('An interrupted rebuild is gone on with') as string,
      })
      expect(await readPhase(collector.graph)).toBeUndefined()
      expect(await lanes.paused()).toEqual([])
      expect(await dumpGraph(collector.graph)).toEqual(before)
    },
    testMsMax,
  )

  it(
    'goes on where it was stopped, and begins anew where it is told to',
    async () => {
      const texts = generatedTexts(800)
      await send(texts)
      const before = await dumpGraph(collector.graph)
      const first = startCommand(['rebuild'], env)
      await eventually(() => first.said().includes('The workers go on'), { withinMs: 60_000 })
      first.process.kill('SIGINT')
      const stopped = await first.ended
      expect({ code: stopped.code, said: stopped.said }).toEqual({
        code: 130,
        said: expect.stringContaining('run headwater rebuild again') as string,
      })
      await collector.graph.inWrite((tx) => tx.run(scribble))

      const { code, said } = await runCommand(['rebuild', '--start-over'], env)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringContaining('800 events merged.') as string,
      })
      expect(await dumpGraph(collector.graph)).toEqual(before)
    },
    testMsMax,
  )

  it('names an event that cannot be read any more, keeps it, and rebuilds the rest', async () => {
    const texts = ['a', 'b'].map((name) =>
      JSON.stringify(aDatasetEvent({ dataset: { namespace: 'db', name } })),
    )
    await send(texts)
    const id = idOf(texts[0] ?? '')
    const bytes = new Int8Array([1, 2, 3])
    await collector.graph.inWrite((tx) =>
      tx.run(cypher`MATCH (e:Event {id: $id}) SET e.payload = $bytes`, { id, bytes }),
    )

    const { code, said } = await runCommand(['rebuild'], env)

    expect(code).toBe(3)
    expect(said).toContain('1 events merged.')
    expect(said).toContain(`Not merged, kept in the log: ${id}: its payload is damaged`)
    const rows = await collector.graph.inRead((tx) =>
      tx.run(
        cypher`MATCH (e:Event) OPTIONAL MATCH (d:Dataset) RETURN count(DISTINCT e) AS events, collect(DISTINCT d.name) AS datasets`,
      ),
    )
    expect(rows).toEqual([{ events: 2, datasets: ['b'] }])
  })

  it('does not interpret a facet that broke its schema when it came', async () => {
    const facets = { documentation: { _producer: 'x', _schemaURL: 'y', description: 7 } }
    const text = JSON.stringify(aDatasetEvent({ dataset: { namespace: 'db', name: 'broken', facets } }))
    await send([text])
    const before = await dumpGraph(collector.graph)

    expect((await runCommand(['rebuild'], env)).code).toBe(0)

    expect(await dumpGraph(collector.graph)).toEqual(before)
  })
})

async function makeHalfEmpty(): Promise<void> {
  await collector.graph.inWrite((tx) =>
    tx.run(cypher`MERGE (r:Rebuild {id: 'graph'}) SET r.phase = 'WIPING'`),
  )
}

describe('a graph that is half empty', () => {
  it('takes no event, and calls that passing trouble', async () => {
    await makeHalfEmpty()

    const merging = mergeEvents(collector.graph, [received(aRunEvent())], { facetBytesMax: 1000 })

    const error: unknown = await merging.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(WipeUnderWay)
    expect(isPassingTrouble(error)).toBe(true)
    expect(await countJobs(collector.graph)).toBe(0)
  })

  it('is not given to the workers by --resume-queue, and is repaired by the next rebuild', async () => {
    await makeHalfEmpty()
    await lanes.pause()
    const text = JSON.stringify(aDatasetEvent())
    await postTexts(collector, [text])

    const refused = await runCommand(['rebuild', '--resume-queue'], env)
    expect({ code: refused.code, said: refused.said }).toEqual({
      code: 1,
      said: expect.stringContaining('run headwater rebuild') as string,
    })
    expect(await lanes.paused()).toHaveLength(3)

    expect((await runCommand(['rebuild'], env)).code).toBe(0)
    await collector.merged([idOf(text)])
  })
})

describe('workers that a rebuild has left paused', () => {
  it('go on with --resume-queue', async () => {
    await lanes.pause()
    await collector.graph.inWrite((tx) =>
      tx.run(cypher`MERGE (r:Rebuild {id: 'graph'}) SET r.phase = 'PAUSING'`),
    )
    const text = JSON.stringify(aDatasetEvent())
    await postTexts(collector, [text])

    const { code, said } = await runCommand(['rebuild', '--resume-queue'], env)

    expect({ code, said }).toEqual({ code: 0, said: 'The workers go on.\n' })
    await collector.merged([idOf(text)])
    expect(await readPhase(collector.graph)).toBeUndefined()
    expect((await runCommand(['rebuild', '--resume-queue'], env)).said).toContain('were not paused')
  })
})

describe('a rebuild while another one runs', () => {
  it('is refused', async () => {
    await collector.graph.inWrite((tx) =>
      tx.run(cypher`
        MERGE (r:Rebuild {id: 'graph'})
        SET r.phase = 'WIPING', r.holder = 'somebody', r.heldUntil = datetime() + duration({seconds: 120})
      `),
    )

    const { code, said } = await runCommand(['rebuild'], env)

    expect(code).toBe(1)
    expect(said).toContain('being rebuilt by another process.')
    expect(await readPhase(collector.graph)).toBe('WIPING')
    expect(await lanes.paused()).toEqual([])
  }, 60_000)
})
