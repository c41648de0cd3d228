import { startDriver } from '../drive/start-driver.mjs'
import { startChild } from '../start-child.mjs'
import { readCpuMs } from '../watch/processes.mjs'

const connections = 32
/** So many of a load's events are enough for a limit. */
const eventsMax = 4000

/**
 * What the parts that a collector is made of can do with the same events at the same time: the machine's speed of that minute, to hold
 * our own beside. Of each, events a second, and the CPU an event of all processes that took part but the driver.
 */
export async function measureLimits(stack, { file }) {
  const { redis, neo4j } = await stack.readPids()
  const { connection, stopSignal } = stack
  const order = { file, count: eventsMax }
  return {
    http: await measureHttp(order, stopSignal),
    bullmq: await measureChild('bullmq-round.mjs', {
      order: { ...order, redisUrl: connection.redisUrl },
      storePid: redis[0],
      stopSignal,
    }),
    neo4j: await measureChild('neo4j-unwind.mjs', {
      order: { ...order, connection },
      storePid: neo4j[0],
      stopSignal,
    }),
  }
}

async function measureHttp(order, stopSignal) {
  const server = startLimit('bare-http.mjs', stopSignal)
  const port = await server.next('port')
  const driver = await startDriver({ ...order, port, path: '/', connections }, { stopSignal })
  const before = readCpuMs(server.pid)
  const { answered, accepted, sendMs } = await driver.go()
  const cpuMs = readCpuMs(server.pid) - before
  server.disconnect()
  if (accepted !== answered) throw new Error('The bare server did not answer every event.')
  return { perSecond: (answered * 1000) / sendMs, cpuMs: cpuMs / answered }
}

async function measureChild(name, { order, storePid, stopSignal }) {
  const child = startLimit(name, stopSignal)
  const ready = child.next('ready')
  child.send(order)
  await ready
  const before = readCpuMs(storePid)
  const result = child.next('result')
  child.send('go')
  const { events, ms, cpuMs } = await result
  const storeMs = readCpuMs(storePid) - before
  child.send('tidy up')
  await child.ended
  return { perSecond: (events * 1000) / ms, cpuMs: (cpuMs + storeMs) / events }
}

function startLimit(name, stopSignal) {
  return startChild(new URL(name, import.meta.url), { stopSignal })
}
