import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startDriver } from '../drive/start-driver.mjs'
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
  const server = startChild('bare-http.mjs', stopSignal)
  const { port } = await server.next()
  const driver = await startDriver({ ...order, port, path: '/', connections }, { stopSignal })
  const before = readCpuMs(server.pid)
  const { answered, accepted, sendMs } = await driver.go()
  const cpuMs = readCpuMs(server.pid) - before
  server.end()
  if (accepted !== answered) throw new Error('The bare server did not answer every event.')
  return { perSecond: (answered * 1000) / sendMs, cpuMs: cpuMs / answered }
}

async function measureChild(name, { order, storePid, stopSignal }) {
  const child = startChild(name, stopSignal)
  child.send(order)
  await child.next()
  const before = readCpuMs(storePid)
  child.send('go')
  const { result } = await child.next()
  const storeMs = readCpuMs(storePid) - before
  child.send('tidy up')
  await child.ended
  return { perSecond: (result.events * 1000) / result.ms, cpuMs: (result.cpuMs + storeMs) / result.events }
}

function startChild(name, stopSignal) {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), { signal: stopSignal })
  const ended = new Promise((resolve) => child.once('close', resolve))
  return {
    pid: child.pid,
    ended,
    send: (message) => child.send(message),
    end: () => child.disconnect(),
    next: () =>
      new Promise((resolve, reject) => {
        child.once('message', resolve)
        child.once('error', reject)
        child.once('close', (code) => reject(new Error(`${name} ended with exit code ${code}.`)))
      }),
  }
}
