import { createGroupCommit, type GroupCommitOptions } from '../../../src/queue/group-commit.ts'

describe('createGroupCommit', () => {
  it('writes the first item at once and gathers what comes meanwhile', async () => {
    const { writes, options } = aWriter()
    const commit = createGroupCommit(options)

    await Promise.all(['a', 'b', 'c', 'd'].map(async (item) => await commit.add(item)))

    expect(writes).toEqual([['a'], ['b', 'c', 'd']])
  })

  it('has those that follow a write wait for company', async () => {
    const { writes, options } = aWriter({ lingerMs: 20 })
    const commit = createGroupCommit(options)

    await commit.add('a')
    const followers = [commit.add('b')]
    await new Promise((resolve) => setTimeout(resolve, 1))
    followers.push(commit.add('c'))
    await Promise.all(followers)

    expect(writes).toEqual([['a'], ['b', 'c']])
  })

  it('waits no longer once a quarter of a group is there, or when it closes', async () => {
    const { writes, options } = aWriter({ lingerMs: 600_000, itemsMax: 8 })
    const commit = createGroupCommit(options)

    await commit.add('a')
    await Promise.all([commit.add('b'), commit.add('c')])
    const last = commit.add('d')
    await commit.close()
    await last

    expect(writes).toEqual([['a'], ['b', 'c'], ['d']])
  })

  it('writes no more items in one group than allowed', async () => {
    const { writes, options } = aWriter({ itemsMax: 2 })
    const commit = createGroupCommit(options)

    await Promise.all(['a', 'b', 'c', 'd'].map(async (item) => await commit.add(item)))

    expect(writes).toEqual([['a'], ['b', 'c'], ['d']])
  })

  it('writes no more bytes in one group than allowed, but any single item', async () => {
    const { writes, options } = aWriter({ bytesMax: 4 })
    const commit = createGroupCommit(options)

    await Promise.all(['a', 'bb', 'cc', 'ddd', 'eeeeee', 'f'].map(async (item) => await commit.add(item)))

    expect(writes).toEqual([['a'], ['bb', 'cc'], ['ddd'], ['eeeeee'], ['f']])
  })

  it('resolves an item only after its own group is written', async () => {
    const { options } = aWriter()
    const finish: (() => void)[] = []
    const commit = createGroupCommit({
      ...options,
      write: async () => await new Promise<void>((resolve) => finish.push(resolve)),
    })
    const done: string[] = []

    const adds = ['a', 'b'].map(async (item) => {
      await commit.add(item)
      done.push(item)
    })
    finish.shift()?.()
    await adds[0]

    expect(done).toEqual(['a'])
    finish.shift()?.()
    await adds[1]
    expect(done).toEqual(['a', 'b'])
  })

  it('rejects a failed group only, and goes on', async () => {
    const { writes, options } = aWriter()
    const commit = createGroupCommit({
      ...options,
      write: async (items) => {
        if (items.includes('a')) throw new Error('no')
        await options.write(items)
      },
    })

    const results = await Promise.allSettled(['a', 'b'].map(async (item) => await commit.add(item)))

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(writes).toEqual([['b']])
  })

  it('rejects an item whose wait has ended and does not write it any more', async () => {
    const { options } = aWriter({ waitMsMax: 20 })
    const writes: string[][] = []
    const finish: (() => void)[] = []
    const commit = createGroupCommit({
      ...options,
      write: async (items) => {
        writes.push(items)
        await new Promise<void>((resolve) => finish.push(resolve))
      },
    })

    const results = await Promise.allSettled(['a', 'b'].map(async (item) => await commit.add(item)))
    finish.shift()?.()
    await commit.close()

    expect(results).toEqual([
      { status: 'rejected', reason: new Error('too late') },
      { status: 'rejected', reason: new Error('too late') },
    ])
    expect(writes).toEqual([['a']])
  })

  it('waits on close for what was added', async () => {
    const { writes, options } = aWriter()
    const commit = createGroupCommit(options)
    const adds = ['a', 'b'].map(async (item) => await commit.add(item))

    await commit.close()

    expect(writes).toEqual([['a'], ['b']])
    await Promise.all(adds)
  })
})

function aWriter(changes: Partial<GroupCommitOptions<string>> = {}): {
  writes: string[][]
  options: GroupCommitOptions<string>
} {
  const writes: string[][] = []
  const options: GroupCommitOptions<string> = {
    write: async (items) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      writes.push(items)
    },
    sizeOf: (item) => item.length,
    itemsMax: 100,
    bytesMax: 1000,
    waitMsMax: 1000,
    toTimeout: () => new Error('too late'),
    ...changes,
  }
  return { writes, options }
}
