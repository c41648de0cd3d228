import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const driverPath = fileURLToPath(new URL('driver.mjs', import.meta.url))

/**
 * Starts a driver that has its requests ready and waits. `order` names `file`, `port`, `connections`, and may name `path`, `count`,
 * `perSecond` (paced, else each connection sends as fast as it is answered) and `sampleEvery`.
 */
export async function startDriver(order, { stopSignal, onSample = () => undefined }) {
  const child = fork(driverPath, { signal: stopSignal })
  const waiting = new Map()
  const fail = (reason) => {
    for (const { reject } of waiting.values()) reject(new Error(reason))
  }
  child.on('error', ({ message }) => fail(`The driver could not go on: ${message}`))
  child.on('close', (code) => fail(`The driver ended with exit code ${code}.`))
  child.on('message', (message) => {
    if (message.sample !== undefined) onSample(message.sample)
    for (const [name, value] of Object.entries(message)) waiting.get(name)?.resolve(value)
  })
  const next = (name) => new Promise((resolve, reject) => waiting.set(name, { resolve, reject }))

  const ready = next('ready')
  child.send({ path: '/api/v1/lineage', ...order })
  const requests = await ready
  return {
    requests,
    /** Sends everything; what became of it. */
    async go() {
      const result = next('result')
      child.send('go')
      const found = await result
      child.disconnect()
      return found
    },
    /** Ends it, where it has not ended. */
    end: () => void child.kill(),
  }
}
