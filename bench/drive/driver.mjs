// The process that sends: started by start-driver.mjs, which tells it what and how over its channel. It reads and prepares all requests,
// says so, and waits for the word to go, so that only the sending itself is in what is measured.
import { openConnection } from './http-connection.mjs'
import { createRecord } from './record.mjs'
import { readRequests } from './read-requests.mjs'

const tickMs = 5

// Who started it is gone: nobody would hear the answers.
process.on('disconnect', () => process.exit(1))
const order = await nextMessage()
const requests = readRequests(order)
const record = createRecord({ onVisible: (sample) => process.send({ sample }) })
process.send({ ready: requests.length })
await nextMessage()

const cpuBefore = process.cpuUsage()
record.begin()
const timeline =
  order.timelineEveryMs === undefined ? undefined : setInterval(() => record.look(), order.timelineEveryMs)
await (order.perSecond === undefined ? sendClosed() : sendPaced(order.perSecond))
record.look()
clearInterval(timeline)
const cpu = process.cpuUsage(cpuBefore)
process.send({ result: { ...record.toResult(), cpuMs: (cpu.user + cpu.system) / 1000 } })

/** Each connection sends its next request as soon as the last one is answered. */
async function sendClosed() {
  const line = requests.values()
  await withConnections(async (connection) => {
    for (const request of line) {
      const sentAt = performance.now()
      record.add(request, sentAt, await connection.send(request.bytes))
    }
  })
}

/** So many a second, whatever the answers take: a request that finds no free connection waits, and its waiting counts. */
async function sendPaced(perSecond) {
  const free = []
  const due = []
  let next = 0
  const startedAt = performance.now()
  const pacer = setInterval(() => {
    const isDue = () => startedAt + (next * 1000) / perSecond <= performance.now()
    while (next < requests.length && isDue()) {
      due.push({ request: requests[next], dueAt: startedAt + (next * 1000) / perSecond })
      next += 1
    }
    // Each has its turn: one that is idle for a minute is closed by the receiver, perhaps just as we write.
    while (due.length > 0 && free.length > 0) free.shift()(due.shift())
    if (next === requests.length && due.length === 0) for (const give of free.splice(0)) give(undefined)
  }, tickMs)
  await withConnections(async (connection) => {
    while (true) {
      const taken = await new Promise((give) => free.push(give))
      if (taken === undefined) return
      record.add(taken.request, taken.dueAt, await connection.send(taken.request.bytes))
    }
  })
  clearInterval(pacer)
}

async function withConnections(use) {
  const count = Math.min(order.connections, requests.length)
  await Promise.all(
    Array.from({ length: count }, async () => {
      let connection
      await new Promise((resolve) => {
        connection = openConnection({ port: order.port, onReady: resolve })
      })
      await use(connection)
      connection.close()
    }),
  )
}

function nextMessage() {
  return new Promise((resolve) => process.once('message', resolve))
}
