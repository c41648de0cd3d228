#!/usr/bin/env node
// npm run test:overload: sends a collector ten times what it can merge, and looks what becomes of it. Linux only: memory is read from /proc.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../../dist/config.js'
import { withStack } from '../../bench/stack/with-stack.mjs'
import { emitFromPython, preparePython } from '../support/python-emitter.ts'
import { sendAsJava } from './java-clients.mjs'
import { countMissingEvents, countMissingRuns, measureDrained, sendPaced, untilDrained } from './phases.mjs'
import { slowDown } from './slow-worker.mjs'
import { judge, toReport } from './verdict.mjs'

const seconds = Number(process.env.OVERLOAD_SECONDS ?? 120)
const timesDrained = 10
/** A queue that is soon full. */
const settings = { QUEUE_EVENTS_MAX: '200', JOB_EVENTS_MAX: '1' }
const warmUp = { perSecond: 30, seconds: 60 }
const normal = { perSecond: 60, seconds: 60 }
/** More than a worker can merge that runs for a tenth of the time. */
const filling = { perSecond: 100, seconds: 25, settleSeconds: 5 }
const runsMs = 100
const burst = { seconds: 3, perSecond: 200 }
const clients = 4
const clientPauseMs = 500

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort())
const say = (line) => console.error(line)

const python = await preparePython()
const dir = await mkdtemp(join(tmpdir(), 'headwater-overload-'))
let found
try {
  const dataDir = join(dir, 'data')
  await mkdir(dataDir)
  await withStack({ dir: dataDir, settings, say, stopSignal: stopping.signal }, async (stack) => {
    found = await run(stack)
  })
} finally {
  await rm(dir, { recursive: true, force: true })
}
if (found === undefined) process.exit(130)
console.log(toReport(found))
const faults = judge(found)
for (const fault of faults) say(`NOT AS IT MUST BE: ${fault}`)
process.exit(faults.length === 0 ? 0 : 1)

async function run(stack) {
  const { answerMsMax } = readConfig(settings)
  const url = stack.connection.collectorUrl
  const load = { dir, firstRun: 0 }
  say('Warming up.')
  await sendPaced(stack, { load, ...warmUp })
  await untilDrained(stack)
  say(`The normal load: ${normal.perSecond} events a second for ${normal.seconds} s.`)
  const usual = await sendPaced(stack, { load, ...normal })
  await untilDrained(stack)

  const { worker } = await stack.readPids()
  const slow = slowDown(worker, { runsMs })
  let overload
  let drainedPerSecond
  try {
    drainedPerSecond = await measureDrained(stack, { load, ...filling })
    const perSecond = timesDrained * drainedPerSecond
    say(
      `${drainedPerSecond.toFixed(1)} events a second are merged; sending ${perSecond.toFixed(0)} for ${seconds} s.`,
    )
    const beside = async () => await runClients(url, { namespace: 'overload', forMs: seconds * 1000 })
    overload = await sendPaced(stack, { load, perSecond, seconds, beside })
  } finally {
    slow.end()
  }
  await untilDrained(stack)

  say(`A burst: ${burst.perSecond} events a second for ${burst.seconds} s.`)
  const slowAgain = slowDown(worker, { runsMs })
  const besideBurst = async () => {
    // Its clients come when the queue is full.
    await sleep(1000)
    return await runClients(url, { namespace: 'burst', forMs: 1000, events: 1 })
  }
  const endBurst = sleep((burst.seconds + 1) * 1000).then(() => slowAgain.end())
  const bursting = await sendPaced(stack, { load, ...burst, beside: besideBurst })
  await endBurst
  await untilDrained(stack)
  return {
    answerMsMax,
    drainedPerSecond,
    late: await countLate(url, answerMsMax),
    usual: await check(stack, usual),
    overload: await check(stack, overload),
    bursting: await check(stack, bursting),
  }
}

/** Real clients for Python, and what sends as Java's does, beside the flood. */
async function runClients(url, { namespace, forMs, events = Math.ceil(forMs / 1000 / 6) }) {
  const signal = AbortSignal.timeout(forMs)
  const pauseSeconds = clientPauseMs / 1000
  const [fromPython, asJava] = await Promise.all([
    emitFromPython(python, { url, namespace: `${namespace}-python`, clients, events, pauseSeconds }),
    sendAsJava({ url, namespace: `${namespace}-java`, clients, signal, pauseMs: clientPauseMs }),
  ])
  return { fromPython, asJava }
}

/** How many answers were late, by the receiver's own count: from the head of the request to the end of the answer. */
async function countLate(url, answerMsMax) {
  const text = await (await fetch(`${url}/metrics`)).text()
  const ofRoute = text.split('\n').filter((line) => line.includes('route="/api/v1/lineage"'))
  const sum = (mark) =>
    ofRoute
      .filter((line) => line.includes(mark))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0)
  return sum('answer_seconds_count{') - sum(`le="${answerMsMax / 1000}"`)
}

/** What of all that was taken is not in the graph. */
async function check(stack, phase) {
  const lostOf = async (sent = []) =>
    await countMissingRuns(
      stack,
      sent.filter(({ error }) => error === null).map(({ runId }) => runId),
    )
  return {
    ...phase,
    lost: await countMissingEvents(stack, phase.accepted),
    lostFromPython: await lostOf(phase.beside?.fromPython),
    lostAsJava: await lostOf(phase.beside?.asJava),
  }
}
