import { startChild } from '../start-child.mjs'

/**
 * Starts a driver that has its requests ready and waits. `order` names `file`, `port`, `connections`, and may name `path`, `count`,
 * `perSecond` (paced, else each connection sends as fast as it is answered), `sampleEvery` and `timelineEveryMs`.
 */
export async function startDriver(order, { stopSignal, onSample = () => undefined }) {
  const child = startChild(new URL('driver.mjs', import.meta.url), {
    stopSignal,
    onMessage: ({ sample }) => {
      if (sample !== undefined) onSample(sample)
    },
  })
  const ready = child.next('ready')
  child.send({ path: '/api/v1/lineage', ...order })
  const requests = await ready
  return {
    requests,
    /** Sends everything; what became of it. */
    async go() {
      const result = child.next('result')
      child.send('go')
      const found = await result
      child.disconnect()
      return found
    },
    /** Ends it, where it has not ended. */
    end: child.kill,
  }
}
