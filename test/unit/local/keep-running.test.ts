import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChildPlan } from '../../../src/local/child.ts'
import { keepRunning, type KeptChild } from '../../../src/local/keep-running.ts'

/** Says "up" to its log and "ready" to us, notes that it ran, and stays. */
const program = `
  require('node:fs').appendFileSync(process.env.RUNS, process.pid + '\\n')
  console.log('up ' + process.pid)
  process.send('ready')
  setInterval(() => {}, 1000)
`

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(50)
}

describe('keepRunning', () => {
  let directory: string
  let said: string[]
  let heard: string[]
  let kept: KeptChild | undefined
  let stopping: AbortController

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'child-'))
    said = []
    heard = []
    kept = undefined
    stopping = new AbortController()
  })
  afterEach(async () => {
    await kept?.stop()
    await rm(directory, { recursive: true })
  })

  const say = (line: string) => void said.push(line)
  const plan = (script: string, parts: Partial<ChildPlan> = {}): ChildPlan => ({
    name: 'Thing',
    command: process.execPath,
    args: ['-e', script],
    env: { RUNS: join(directory, 'runs') },
    pidPath: join(directory, 'Thing.pid'),
    logPath: join(directory, 'thing.log'),
    onLine: (line) => void heard.push(line),
    isReady: async (child) => child.hasSaidReady,
    readyMsMax: 10_000,
    stopMsMax: 5000,
    ...parts,
  })
  const readPids = async () =>
    (await readFile(join(directory, 'runs'), 'utf8')).trim().split('\n').map(Number)

  it('starts a child again that was killed, and says both', async () => {
    kept = await keepRunning(plan(program), { say, stopSignal: stopping.signal })
    const [first = 0] = await readPids()

    process.kill(first, 'SIGKILL')
    await until(() => said.length === 3)

    const pids = await readPids()
    expect(pids).toHaveLength(2)
    expect(said[0]).toMatch(/^Thing is ready after/)
    expect(said[1]).toMatch(/^Thing ended \(killed by SIGKILL\); it is started again in 1 s\. Its log: /)
    expect(said[2]).toMatch(/^Thing is back, .* after it ended\.$/)
    await until(() => heard.length === 2)
    expect(heard).toEqual(pids.map((pid) => `up ${pid}`))
  })

  it('stops a child for good, and leaves no record of it', async () => {
    kept = await keepRunning(plan(program), { say, stopSignal: stopping.signal })

    await kept.stop()

    const [pid = 0] = await readPids()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(await readdir(directory)).not.toContain('Thing.pid')
  })

  it('kills a child that does not heed SIGTERM in its time', async () => {
    const deaf = `process.on('SIGTERM', () => {}); ${program}`
    kept = await keepRunning(plan(deaf, { stopMsMax: 200 }), { say, stopSignal: stopping.signal })

    await kept.stop()

    const [pid = 0] = await readPids()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('stops in the pause before a restart as well', async () => {
    kept = await keepRunning(plan(program), { say, stopSignal: stopping.signal })
    const [first = 0] = await readPids()
    process.kill(first, 'SIGKILL')
    await until(() => said.length === 2)

    await kept.stop()
    await sleep(1500)

    expect(await readPids()).toEqual([first])
  })

  it('says what a child said that ended at its first start, without the stack trace', async () => {
    const broken = "console.error('no such port\\n    at Object.<anonymous>'); process.exit(3)"

    const start = keepRunning(plan(broken), { say, stopSignal: stopping.signal })

    await expect(start).rejects.toThrow(
      `Thing ended while starting (exit code 3). It said:\n  no such port\n Its log: ${join(directory, 'thing.log')}`,
    )
  })

  it('says that a program cannot be started', async () => {
    const start = keepRunning(plan('', { command: join(directory, 'nothing') }), {
      say,
      stopSignal: stopping.signal,
    })

    await expect(start).rejects.toThrow(/Thing ended while starting \(spawn .* ENOENT\)/)
  })

  it('gives up on a child that is not ready in its time, and ends it', async () => {
    const start = keepRunning(plan(program, { isReady: async () => false, readyMsMax: 800 }), {
      say,
      stopSignal: stopping.signal,
    })

    await expect(start).rejects.toThrow(/Thing is not ready after 0\.8 s\./)
    const [pid = 0] = await readPids()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('ends a child whose start is interrupted', async () => {
    const start = keepRunning(plan(program, { isReady: async () => false }), {
      say,
      stopSignal: stopping.signal,
    })
    await sleep(500)
    stopping.abort()

    await expect(start).rejects.toThrow('aborted')
    const [pid = 0] = await readPids()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})
