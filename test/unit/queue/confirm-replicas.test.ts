import { Redis } from 'ioredis'
import { createConfirmation } from '../../../src/queue/confirm-replicas.ts'
import type { Primary } from '../../../src/queue/redis-connection.ts'
import { createLogger } from '../../../src/logger.ts'

const log = createLogger({ name: 'test', level: 'silent' })

/** Answers as told; it is never connected. */
function aRedis(replicas: () => number): { redis: Redis; asked: () => number } {
  const redis = new Redis({ lazyConnect: true })
  let asked = 0
  redis.wait = async () => {
    asked += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
    return replicas()
  }
  return { redis, asked: () => asked }
}

function aConfirmation(primary: () => Primary | undefined, replicasMin = 1) {
  return createConfirmation({ primary }, { replicasMin, replicasMsMax: 100, log })
}

async function write(): Promise<void> {
  await Promise.resolve()
}

describe('createConfirmation', () => {
  it('asks nobody where no replica is wanted', async () => {
    const { redis, asked } = aRedis(() => 0)

    await aConfirmation(() => ({ redis, epoch: 0 }), 0)(write)

    expect(asked()).toBe(0)
  })

  it('refuses what too few replicas have', async () => {
    const { redis } = aRedis(() => 1)
    const confirm = aConfirmation(() => ({ redis, epoch: 0 }), 2)

    await expect(confirm(write)).rejects.toThrow('of 2 replicas only 1 had it')
  })

  it('asks once for all that were written meanwhile', async () => {
    const { redis, asked } = aRedis(() => 1)
    const confirm = aConfirmation(() => ({ redis, epoch: 0 }))

    await Promise.all(Array.from({ length: 50 }, async () => await confirm(write)))
    await Promise.all(Array.from({ length: 50 }, async () => await confirm(write)))

    expect(asked()).toBe(2)
  })

  it.each(['while it is written', 'while replicas are asked'])(
    'believes no other connection that comes in its place %s',
    async (when) => {
      let epoch = 0
      const { redis } = aRedis(() => {
        if (when === 'while replicas are asked') epoch += 1
        return 1
      })
      const confirm = aConfirmation(() => ({ redis, epoch }))

      const confirmed = confirm(async () => {
        if (when === 'while it is written') epoch += 1
        await write()
      })

      await expect(confirmed).rejects.toThrow('connected to anew')
    },
  )

  it('believes no other primary, though that one has replicas', async () => {
    const [old, next] = [aRedis(() => 1), aRedis(() => 1)]
    let current = old
    const confirm = aConfirmation(() => ({ redis: current.redis, epoch: 0 }))

    const confirmed = confirm(async () => {
      await write()
      current = next
    })

    await expect(confirmed).rejects.toThrow('another primary')
    expect(old.asked()).toBe(0)
  })

  it('goes on after a question that failed', async () => {
    let isAway = true
    const { redis } = aRedis(() => {
      if (isAway) throw new Error('away')
      return 1
    })
    const confirm = aConfirmation(() => ({ redis, epoch: 0 }))

    await expect(confirm(write)).rejects.toThrow('away')
    isAway = false

    await expect(confirm(write)).resolves.toBeUndefined()
  })
})
