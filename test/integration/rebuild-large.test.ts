import type { Driver } from 'neo4j-driver'
import { cypher } from '../../src/graph/cypher.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { runCommand } from '../support/command.ts'
import { generatedTexts } from '../support/generated-events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestDriver, digestGraph } from '../support/graph-digest.ts'
import { idOf } from '../support/send-texts.ts'

const eventsTotal = 20_000
const eventsOfBatch = 2000
const testMsMax = 900_000
const env = { QUEUE_PREFIX: `test-rebuild-large-${process.pid}` }

let collector: Collector
let driver: Driver

beforeAll(async () => {
  collector = await startCollector(env)
  driver = connectTestDriver()
  await wipeGraph(collector.graph)
})

afterAll(async () => {
  await wipeGraph(collector.graph)
  await driver.close()
  await collector.close()
}, testMsMax)

describe('a rebuild of a large log', () => {
  it(
    `makes the graph of ${eventsTotal} events anew, equal to the one before`,
    async () => {
      const texts = generatedTexts(eventsTotal)
      for (let from = 0; from < texts.length; from += eventsOfBatch) {
        const batch = texts.slice(from, from + eventsOfBatch)
        const { status, body } = await collector.postBatch(`[${batch.join(',')}]`)
        expect({ status, answer: body['status'] }).toEqual({ status: 200, answer: 'success' })
        await collector.merged(batch.map(idOf))
      }
      const before = await digestGraph(driver)
      expect(before['Event']?.count).toBe(eventsTotal)
      expect(before['-FEEDS->']?.count).toBeGreaterThan(1000)
      // What is not made anew keeps this mark, and the digests differ.
      await collector.graph.runAlone(
        cypher`MATCH (n) WHERE NOT n:Migration AND NOT n:Event AND NOT n:Change CALL (n) { SET n.scribbled = true } IN TRANSACTIONS OF 5000 ROWS`,
      )

      const { code, said } = await runCommand(['rebuild'], env)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringContaining(`${eventsTotal} events merged.`) as string,
      })
      expect(await digestGraph(driver)).toEqual(before)
    },
    testMsMax,
  )
})
