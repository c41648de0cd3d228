import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { importFile } from '../../../src/log/import-file.ts'
import { openReport } from '../../../src/log/import-report.ts'
import {
  readFileMark,
  readState,
  toFreshState,
  writeState,
  type ImportState,
} from '../../../src/log/import-state.ts'
import type { LoggedChange } from '../../../src/log/logged-event.ts'
import { CollectorClosed, type EventSender } from '../../../src/log/send-events.ts'

const url = 'http://127.0.0.1:1'

let dir: string
let path: string
let statePath: string
let reportPath: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-import-'))
  path = join(dir, 'events.ndjson')
  statePath = join(dir, 'state.json')
  reportPath = join(dir, 'report.ndjson')
})
afterEach(async () => await rm(dir, { recursive: true }))

function event(number: number): string {
  return `{"eventTime":"2026-11-22T10:00:00Z","number":${number}}`
}

/** A sender that notes what it got, refuses what the test says, and ends after so many requests. */
function aSender({ refuse = '', requestsMax = Infinity } = {}): EventSender & { sent: string[] } {
  const sent: string[] = []
  let requests = 0
  return {
    sent,
    async send(texts) {
      requests += 1
      if (requests > requestsMax) throw new CollectorClosed('gone')
      sent.push(...texts)
      const refused = [...texts.entries()].filter(([, text]) => refuse !== '' && text.includes(refuse))
      return refused.map(([index]) => ({ index, reason: 'refused' }))
    },
  }
}

async function runImport(
  sender: EventSender,
  takeChanges?: (changes: readonly LoggedChange[]) => Promise<void>,
): Promise<ImportState> {
  const file = await readFileMark(path)
  const state = (await readState(statePath, file, url)) ?? toFreshState(file, url)
  const report = await openReport(reportPath, state.reportBytes)
  try {
    await importFile({
      path,
      state,
      sender,
      takeChanges,
      report,
      onRead: () => undefined,
      onSettled: async (settled) => await writeState(statePath, settled),
    })
  } finally {
    await report.close()
  }
  return state
}

async function readReport(): Promise<unknown[]> {
  const text = await readFile(reportPath, 'utf8').catch(() => '')
  return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))
}

describe('importFile', () => {
  it('sends every event of a file, and makes no report where nothing is wrong', async () => {
    const texts = Array.from({ length: 1001 }, (_, number) => event(number))
    await writeFile(path, gzipSync(texts.join('\n')))
    const sender = aSender()

    const state = await runImport(sender)

    expect(sender.sent).toEqual(texts)
    expect(state).toMatchObject({ records: 1001, events: 1001, refused: 0 })
    await expect(readFile(reportPath)).rejects.toThrow('ENOENT')
  })

  it('names bad lines and refused events by their line, and goes on', async () => {
    await writeFile(path, [event(1), 'nonsense', event(2), '{"x":1}', event(3)].join('\n'))
    const sender = aSender({ refuse: '"number":2' })

    const state = await runImport(sender)

    expect(state).toMatchObject({ records: 5, events: 2, refused: 3 })
    expect(await readReport()).toEqual([
      { file: path, line: 2, reason: expect.stringContaining('is not JSON') as string },
      { file: path, line: 3, reason: 'refused' },
      { file: path, line: 4, reason: 'is no event: it has no eventTime' },
    ])
  })

  it('goes on where an interrupted import was, counting and reporting nothing twice', async () => {
    const lines = Array.from({ length: 1000 }, (_, number) => (number % 100 === 7 ? 'bad' : event(number)))
    await writeFile(path, lines.join('\n'))
    const first = aSender({ requestsMax: 2 })
    await expect(runImport(first)).rejects.toThrow('gone')

    const second = aSender()
    const state = await runImport(second)

    expect(first.sent.length).toBeGreaterThan(0)
    expect([...first.sent, ...second.sent]).toEqual(lines.filter((line) => line !== 'bad'))
    expect(state).toMatchObject({ records: 1000, events: 990, refused: 10 })
    expect(await readReport()).toHaveLength(10)
  })

  it('begins anew where the file is another one, or goes to another collector', async () => {
    await writeFile(path, [event(1), event(2)].join('\n'))
    await runImport(aSender())
    const same = await readState(statePath, await readFileMark(path), url)
    expect(same).toMatchObject({ records: 2 })
    expect(await readState(statePath, await readFileMark(path), 'http://elsewhere')).toBeUndefined()

    await writeFile(path, [event(3), event(4)].join('\n'))
    const sender = aSender()
    await runImport(sender)

    expect(sender.sent).toEqual([event(3), event(4)])
  })

  it('sends a record of many events in several requests and again as a whole', async () => {
    const events = Array.from({ length: 450 }, (_, number) => event(number))
    await writeFile(path, `{"totalCount":450,"events":[${events.join(',')}]}`)
    const first = aSender({ requestsMax: 2 })
    await expect(runImport(first)).rejects.toThrow('gone')
    expect(first.sent).toHaveLength(400)

    const second = aSender()
    const state = await runImport(second)

    expect(second.sent).toEqual(events)
    expect(state).toMatchObject({ records: 1, events: 450 })
  })

  it('hands changes over, or leaves them out and says so', async () => {
    const change = { id: 'c1', at: '2026-11-22T10:00:00Z', kind: 'TAG', payload: '{}' }
    await writeFile(path, `${JSON.stringify({ change })}\n${event(1)}\n`)

    expect(await runImport(aSender())).toMatchObject({ events: 1, refused: 1, changes: 0 })
    expect(await readReport()).toEqual([
      { file: path, line: 1, reason: expect.stringContaining('--changes') as string },
    ])

    await rm(statePath)
    const taken: string[] = []
    const take = async (changes: readonly LoggedChange[]) => void taken.push(...changes.map(({ id }) => id))
    expect(await runImport(aSender(), take)).toMatchObject({ events: 1, refused: 0, changes: 1 })
    expect(taken).toEqual(['c1'])
  })

  it('says where the gzip stream of a file breaks off', async () => {
    const texts = Array.from({ length: 20_000 }, (_, number) => event(number))
    await writeFile(path, gzipSync(texts.join('\n')).subarray(0, -500))
    const sender = aSender()

    const state = await runImport(sender)

    expect(sender.sent.length).toBeGreaterThan(10_000)
    expect(state.refused).toBeGreaterThan(0)
    expect(await readReport()).toContainEqual(
      expect.objectContaining({ reason: expect.stringContaining('gzip stream is damaged') as string }),
    )
  })
})
