import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDataDir, toDataDir, type DataDir } from '../../../src/local/data-dir.ts'
import { toStatFields } from '../../../src/local/process-identity.ts'
import { describeProcess, isStillRunning } from '../../../src/local/process-record.ts'
import { stopStaleChildren } from '../../../src/local/stale-children.ts'

describe('stopStaleChildren', () => {
  let dataDir: DataDir
  let child: ChildProcess
  let said: string[]

  beforeEach(async () => {
    dataDir = toDataDir(await mkdtemp(join(tmpdir(), 'data-')))
    await makeDataDir(dataDir)
    child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'])
    if (child.stdout !== null) await once(child.stdout, 'data')
    said = []
  })
  afterEach(async () => {
    child.kill('SIGKILL')
    await rm(dataDir.root, { recursive: true })
  })

  const recordOf = () => describeProcess(child.pid ?? 0)

  it('stops what is recorded and still runs, and says so', async () => {
    const record = recordOf()
    await writeFile(join(dataDir.pidsDir, 'Neo4j.pid'), JSON.stringify(record))

    await stopStaleChildren(dataDir, (line) => said.push(line))

    expect(record !== undefined && isStillRunning(record)).toBe(false)
    expect(said).toEqual([`An earlier start left its Neo4j running (process ${child.pid}); stopping it.`])
    expect(await readdir(dataDir.pidsDir)).toEqual([])
  })

  it('leaves alone what merely has the number', async () => {
    const other = { ...recordOf(), identity: '1 /usr/bin/java @/data/neo4j/java.args' }
    await writeFile(join(dataDir.pidsDir, 'Neo4j.pid'), JSON.stringify(other))

    await stopStaleChildren(dataDir, (line) => said.push(line))

    expect(recordOf()).toBeDefined()
    expect(said).toEqual([])
    expect(await readdir(dataDir.pidsDir)).toEqual([])
  })
})

describe('toStatFields', () => {
  it('reads past a name that looks like fields', () => {
    const fields = ['S', ...Array.from({ length: 18 }, (_, index) => String(index)), '518348', '99']

    const stat = toStatFields(`42 (a) R (b) ${fields.join(' ')}\n`)

    expect(stat).toEqual({ state: 'S', startTicks: '518348' })
  })
})
