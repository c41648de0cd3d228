import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { holdDataDir } from '../../../src/local/data-dir-lock.ts'
import { toDataDir, type DataDir } from '../../../src/local/data-dir.ts'
import { describeProcess } from '../../../src/local/process-record.ts'

describe('holdDataDir', () => {
  let dataDir: DataDir

  beforeEach(async () => {
    dataDir = toDataDir(await mkdtemp(join(tmpdir(), 'data-')))
  })
  afterEach(() => rm(dataDir.root, { recursive: true }))

  it('refuses what is held, and says by whom', async () => {
    await holdDataDir(dataDir)

    await expect(holdDataDir(dataDir)).rejects.toThrow(
      `${dataDir.root} is in use by another start (process ${process.pid}).`,
    )
  })

  it('can be held again after it was released', async () => {
    const release = await holdDataDir(dataDir)
    await release()

    await expect(holdDataDir(dataDir)).resolves.toBeInstanceOf(Function)
  })

  it('takes over from a process that has ended', async () => {
    await writeFile(dataDir.lockPath, JSON.stringify({ pid: 4_000_000, identity: '1 node gone' }))

    await expect(holdDataDir(dataDir)).resolves.toBeInstanceOf(Function)
  })

  it('takes over where another process has the number by now', async () => {
    const record = { ...describeProcess(process.pid), identity: '1 node an earlier one' }
    await writeFile(dataDir.lockPath, JSON.stringify(record))

    await expect(holdDataDir(dataDir)).resolves.toBeInstanceOf(Function)
  })

  it.each(['', 'half a', '{"pid":"x"}'])('takes over from the damaged lock %j', async (content) => {
    await writeFile(dataDir.lockPath, content)

    await expect(holdDataDir(dataDir)).resolves.toBeInstanceOf(Function)
  })

  it('lets one of many win who find a stale lock together', async () => {
    await writeFile(dataDir.lockPath, JSON.stringify({ pid: 4_000_000, identity: '1 node gone' }))

    const outcomes = await Promise.allSettled(Array.from({ length: 2 }, () => holdDataDir(dataDir)))

    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    await expect(holdDataDir(dataDir)).rejects.toThrow('is in use')
    expect((await readdir(dataDir.root)).filter((name) => name !== 'up.lock')).toEqual([])
  })
})
