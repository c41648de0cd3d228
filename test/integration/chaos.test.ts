import { runChaos, type ChaosReport } from '../chaos/run-chaos.ts'
import { toFaultTable } from '../chaos/fault-table.ts'

/** All of it with CHAOS_FAULTS (`npm run test:chaos`); otherwise a few faults that need no Neo4j of their own. */
const { CHAOS_FAULTS, CHAOS_SEED, CHAOS_PLANT, CHAOS_ONLY } = process.env
const seed = Number(CHAOS_SEED ?? 5)
const isWhole = CHAOS_FAULTS !== undefined

/** Killed workers are left to kill.test.ts: their jobs wait for 25 s. */
const shareOfKinds = [
  'worker stopped with SIGTERM',
  'Redis killed',
  'receiver killed',
  'workers to Neo4j deaf',
  'receiver to Redis deaf',
  'workers to Redis cut',
  'clock of workers stepped',
]

function toSharedNeo4j() {
  const { NEO4J_URI = '', NEO4J_USER: user = 'neo4j', NEO4J_PASSWORD: password = '' } = process.env
  return { port: Number(new URL(NEO4J_URI).port), user, password }
}

function toPlant() {
  if (CHAOS_PLANT === undefined || CHAOS_PLANT === 'early-201' || CHAOS_PLANT === 'no-aof') return CHAOS_PLANT
  throw new Error(`CHAOS_PLANT must be early-201 or no-aof, not "${CHAOS_PLANT}".`)
}

function tell(report: ChaosReport): string {
  const { faults, skipped, sent, accepted, failures, deadLetters, lost, doubled, differing } = report
  const count = [...faults.values()].reduce((sum, { count: of }) => sum + of, 0)
  const { nodesAndRelationships } = report
  const numbers = { seed, faults: count, sent, accepted, failures, nodesAndRelationships }
  const wrong = { lost: lost.length, doubled, deadLetters, differing, skipped }
  return `\n${toFaultTable(report)}\n\n${JSON.stringify({ ...numbers, ...wrong })}\n`
}

describe('a collector whose parts fail', () => {
  it(
    `loses none of the events that it answered with 201, doubles none, and makes the graph of a calm run${isWhole ? `, after ${CHAOS_FAULTS} faults` : ''}`,
    async () => {
      const report = await runChaos({
        seed,
        faults: isWhole ? Number(CHAOS_FAULTS) : shareOfKinds.length,
        ...(CHAOS_ONLY !== undefined && { only: CHAOS_ONLY.split(',') }),
        ...(!isWhole && { only: shareOfKinds, sharedNeo4j: toSharedNeo4j() }),
        plant: toPlant(),
        say: (line) => void (isWhole && process.stderr.write(`${line}\n`)),
      })

      if (isWhole) process.stderr.write(tell(report))
      const { lost, doubled, deadLetters, differing, strange } = report
      expect({ lost: lost.length, doubled, deadLetters, differing, strange }).toEqual({
        lost: 0,
        doubled: 0,
        deadLetters: 0,
        differing: [],
        strange: [],
      })
      expect(report.accepted).toBeGreaterThan(50)
      expect(report.accepted).toBe(report.sent)
    },
    isWhole ? 3 * 3_600_000 : 300_000,
  )
})
