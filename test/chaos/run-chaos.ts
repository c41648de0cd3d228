import type { Driver } from 'neo4j-driver'
import { connectDeadLetters } from '../../src/queue/dead-letters.ts'
import { isAnswering } from '../../src/local/probes.ts'
import { createRandom, type Random } from '../fuzz/random.ts'
import { eventually } from '../support/eventually.ts'
import { generatedTexts } from '../support/generated-events.ts'
import { connectTestDriver, digestGraph, type GraphDigest } from '../support/graph-digest.ts'
import { silent } from '../support/graph.ts'
import { startChaosStack, type ChaosStack, type Plant } from './chaos-stack.ts'
import { startClient, type Client } from './client.ts'
import { toFaultKinds, type FaultKind } from './faults.ts'
import { awaitMerged } from './await-merged.ts'
import { mergeCalmly } from './calm-run.ts'

export interface ChaosOptions {
  seed: number
  /** How many faults; the kinds take turns, in an order of their own each time. */
  faults: number
  /** The kinds by name; all of them where it is absent. */
  only?: readonly string[]
  /** Absent: a Neo4j of its own, which can be harmed too. */
  sharedNeo4j?: { port: number; user: string; password: string }
  plant?: Plant
  say: (line: string) => void
}

export interface ChaosReport {
  /** By kind, how many of it there were and how long from the beginning to when all was well again. */
  faults: Map<string, { count: number; msSum: number; msMax: number }>
  skipped: string[]
  sent: number
  accepted: number
  /** Requests of the client that were not answered with 201. */
  failures: number
  /** What must not be. */
  strange: string[]
  /** Accepted events that are not in the graph. */
  lost: string[]
  /** Events in the graph that are there more than once, or were never sent. */
  doubled: number
  deadLetters: number
  /** Kinds of nodes and relationships that differ from those of a calm run with the same events. */
  differing: string[]
  nodesAndRelationships: number
}

const textsMax = 20_000
const senders = 4
const sendPauseMs = 120
/** So many events accepted after a fault show that the collector takes them again. */
const acceptedAfter = 8
const recoveredMsMax = 180_000
/** Jobs whose worker has ended are found after 25 s; what waits behind a suspect takes somewhat longer. */
const mergedMsMax = 420_000

/** Harms a collector while events come in, waits until they are in the graph, and compares it with that of a calm run. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const stack = await startChaosStack({ sharedNeo4j: options.sharedNeo4j, plant: options.plant })
  const driver = connectTestDriver({
    NEO4J_URI: `bolt://127.0.0.1:${stack.neo4j.port}`,
    NEO4J_USER: stack.neo4j.user,
    NEO4J_PASSWORD: stack.neo4j.password,
  })
  const client = startClient({
    url: stack.url,
    texts: generatedTexts(textsMax),
    senders,
    pauseMs: sendPauseMs,
  })
  let isClean = false
  try {
    const report = startReport()
    await harm(stack, client, { options, report })
    await client.finish()
    report.lost = await awaitMerged(stack, [...client.accepted], { withinMs: mergedMsMax })
    await judge(stack, driver, { client, report })
    isClean = report.strange.length + report.lost.length + report.differing.length === 0
    return report
  } finally {
    await client.finish()
    await driver.close()
    await stack.remove({ keepLogs: !isClean })
  }
}

function startReport(): ChaosReport {
  return {
    faults: new Map(),
    skipped: [],
    sent: 0,
    accepted: 0,
    failures: 0,
    strange: [],
    lost: [],
    doubled: 0,
    deadLetters: 0,
    differing: [],
    nodesAndRelationships: 0,
  }
}

async function harm(
  stack: ChaosStack,
  client: Client,
  { options, report }: { options: ChaosOptions; report: ChaosReport },
): Promise<void> {
  const random = createRandom(options.seed)
  const kinds = toFaultKinds(stack).filter(({ name }) => options.only?.includes(name) ?? true)
  report.skipped = kinds.flatMap(({ name, skipped }) =>
    skipped === undefined ? [] : [`${name}: ${skipped}`],
  )
  const possible = kinds.filter(({ skipped }) => skipped === undefined)
  await client.moreAccepted(acceptedAfter, recoveredMsMax)
  for (const [index, kind] of planFaults(possible, options.faults, random).entries()) {
    const startedAt = performance.now()
    const detail = await kind.run(random)
    await recover(stack, client)
    const ms = Math.round(performance.now() - startedAt)
    const { count, msSum, msMax } = report.faults.get(kind.name) ?? { count: 0, msSum: 0, msMax: 0 }
    report.faults.set(kind.name, { count: count + 1, msSum: msSum + ms, msMax: Math.max(msMax, ms) })
    options.say(`${index + 1}. ${kind.name} (${detail}): well again after ${ms} ms`)
  }
}

/** Rounds of all kinds, each in an order of its own. */
function planFaults(kinds: readonly FaultKind[], count: number, random: Random): FaultKind[] {
  const plan: FaultKind[] = []
  while (kinds.length > 0 && plan.length < count) {
    const round = [...kinds]
    while (round.length > 0) plan.push(...round.splice(random.below(round.length), 1))
  }
  return plan.slice(0, count)
}

async function recover(stack: ChaosStack, client: Client): Promise<void> {
  await client.moreAccepted(acceptedAfter, recoveredMsMax)
  const areReady = async () => (await Promise.all(stack.healthUrls.map(isAnswering))).every(Boolean)
  await eventually(areReady, { withinMs: recoveredMsMax })
}

async function judge(
  stack: ChaosStack,
  driver: Driver,
  { client, report }: { client: Client; report: ChaosReport },
): Promise<void> {
  const { sent, accepted, strange, failures } = client
  report.sent = sent.size
  report.accepted = accepted.size
  report.failures = failures()
  report.strange = [
    ...strange,
    ...['receiver', 'worker 1', 'worker 2'].flatMap((name) => {
      const endings = [...stack.processes.values()].find((one) => one.name === name)?.endedAlone ?? 0
      return endings === 0 ? [] : [`${name} ended by itself ${endings} times`]
    }),
  ]
  const letters = await connectDeadLetters({ redisUrl: stack.redisUrl, prefix: stack.prefix, log: silent })
  report.deadLetters = await letters.count()
  letters.close()
  const chaotic = await digestOf(driver)
  report.doubled = (chaotic['Event']?.count ?? 0) - (sent.size - report.lost.length)
  await mergeCalmly(stack, [...sent.values()])
  const calm = await digestOf(driver)
  const kinds = [...new Set([...Object.keys(chaotic), ...Object.keys(calm)])]
  report.differing = kinds.filter((kind) => JSON.stringify(chaotic[kind]) !== JSON.stringify(calm[kind]))
  report.nodesAndRelationships = Object.values(calm).reduce((sum, { count }) => sum + count, 0)
}

/** Changes by people carry the time of their making: here the first identity rules alone. */
async function digestOf(driver: Driver): Promise<GraphDigest> {
  const { Change: _, ...rest } = await digestGraph(driver)
  return rest
}
