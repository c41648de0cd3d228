import { connectGraph, type Graph } from '../../src/graph/connection.ts'
import { writeChanges } from '../../src/log/changes.ts'
import { sweepNames } from '../../src/merge/sweep-names.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { aDatasetEvent, fixtureTexts } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { generatedTexts } from '../support/generated-events.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'
import { countJobs, silent } from '../support/graph.ts'
import { startOwnNeo4j, type OwnNeo4j } from '../support/own-neo4j.ts'
import { putSomeRules } from '../support/rules.ts'
import { sendTexts } from '../support/send-texts.ts'

const testMsMax = 400_000
const env = { QUEUE_PREFIX: `test-rebuild-elsewhere-${process.pid}` }

let collector: Collector

beforeAll(async () => {
  collector = await startCollector(env)
})

beforeEach(async () => await wipeGraph(collector.graph))

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

function named(namespace: string, name: string): string {
  return JSON.stringify(aDatasetEvent({ dataset: { namespace, name } }))
}

const send = async (texts: readonly string[]) => await sendTexts(collector, texts)

describe('a rebuild in another Neo4j', () => {
  let other: OwnNeo4j
  let target: Graph
  let toOther: string[]
  let otherEnv: Record<string, string>

  beforeAll(async () => {
    other = await startOwnNeo4j()
    const { uri, user, password } = other
    target = connectGraph({ uri, user, password, database: 'neo4j' }, silent)
    toOther = ['rebuild', '--to', uri, '--to-user', user]
    otherEnv = { ...env, TO_NEO4J_PASSWORD: password }
  }, testMsMax)

  afterAll(async () => {
    await target.close()
    await other.remove()
  }, 60_000)

  it(
    'gives the same graph there, with what people have changed, and catches up later',
    async () => {
      const texts = fixtureTexts()
      const early = texts.slice(20)
      await send(early)
      const at = '2026-11-02T00:00:00.000000000Z'
      await writeChanges(collector.graph, [{ id: 'c1', at, kind: 'TAG', payload: '{}', by: undefined }])
      const before = await dumpGraph(collector.graph)

      const { code, said } = await runCommand(toOther, otherEnv)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringContaining(`${early.length} events merged.`) as string,
      })
      expect(await dumpGraph(target)).toEqual(before)
      expect(await dumpGraph(collector.graph)).toEqual(before)

      await send(texts.slice(0, 20))
      const refused = await runCommand(toOther, otherEnv)
      expect({ code: refused.code, said: refused.said }).toEqual({
        code: 1,
        said: expect.stringContaining('The target is not empty') as string,
      })
      const caughtUp = await runCommand([...toOther, '--catch-up'], otherEnv)
      expect({ code: caughtUp.code, said: caughtUp.said }).toEqual({
        code: 0,
        said: expect.stringContaining('20 events merged.') as string,
      })
      expect(await dumpGraph(target)).toEqual(await dumpGraph(collector.graph))
    },
    testMsMax,
  )

  it(
    'can be killed and run again',
    async () => {
      await wipeGraph(target)
      const texts = generatedTexts(800)
      await send(texts)
      const first = startCommand(toOther, otherEnv)
      await eventually(async () => (await countJobs(target)) > 0, { withinMs: 60_000 })
      first.process.kill('SIGKILL')
      await first.ended

      const { code } = await runCommand(toOther, otherEnv)

      expect(code).toBe(0)
      expect(await dumpGraph(target)).toEqual(await dumpGraph(collector.graph))
    },
    testMsMax,
  )

  it(
    'links names under the rules that have changed since',
    async () => {
      await wipeGraph(target)
      await send([named('s3://lake', 'sales/day=1'), named('s3://old', 'raw'), named('s3://lake', 'raw')])
      expect((await runCommand(toOther, otherEnv)).code).toBe(0)
      const hosts = [{ host: 'lake', aliases: ['old'], schemes: ['s3'] }]
      const inForce = await putSomeRules(collector.graph, { hosts })
      const signal = new AbortController().signal
      await sweepNames(collector.graph, { inForce, signal, onProgress: () => undefined })
      await send([named('s3://lake', 'sales/day=2')])

      const { code, said } = await runCommand([...toOther, '--catch-up'], otherEnv)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringMatching(/\d+ names were linked anew.*1 events merged/s) as string,
      })
      expect(await dumpGraph(target)).toEqual(await dumpGraph(collector.graph))
    },
    testMsMax,
  )
})
