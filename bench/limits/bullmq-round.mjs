// The least that a queue of BullMQ does with the same bytes: each text is added as a job, and a worker takes it and does nothing.
import { Queue, Worker } from 'bullmq'
import { readTexts, takeOrder, tellResult } from './limit-process.mjs'

const together = 32
const prefix = 'headwater-bench-limit'

const { redisUrl, file, count } = await takeOrder()
const texts = readTexts(file, count)
const { hostname: host, port } = new URL(redisUrl)
const connection = { host, port: Number(port) }
const queue = new Queue('limit', { connection, prefix, defaultJobOptions: { removeOnComplete: true } })
await queue.waitUntilReady()

await tellResult(texts.length, async () => {
  let done = 0
  const worker = new Worker('limit', async () => undefined, {
    connection: { ...connection, maxRetriesPerRequest: null },
    prefix,
    concurrency: together,
  })
  const allDone = new Promise((resolve) => {
    worker.on('completed', () => {
      done += 1
      if (done === texts.length) resolve()
    })
  })
  const line = texts.values()
  const addAll = async () => {
    for (const text of line) await queue.add('event', { text })
  }
  await Promise.all(Array.from({ length: together }, addAll))
  await allDone
  return async () => {
    await worker.close()
    await queue.obliterate({ force: true })
    await queue.close()
  }
})
