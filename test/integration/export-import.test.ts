import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { cypher } from '../../src/graph/cypher.ts'
import { writeChanges } from '../../src/log/changes.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { aDatasetEvent, aJobEvent, aRunEvent, fixtureTexts } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { dumpGraph, wipeGraph } from '../support/graph-dump.ts'

const testMsMax = 300_000

let collector: Collector
let dir: string

beforeAll(async () => {
  collector = await startCollector()
  dir = await mkdtemp(join(tmpdir(), 'headwater-log-'))
})

beforeEach(async () => await wipeGraph(collector.graph))

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
  await rm(dir, { recursive: true })
})

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Posts the texts and waits until they are in the graph. */
async function send(texts: readonly string[]): Promise<void> {
  for (const text of texts) expect((await collector.post(text)).status).toBe(201)
  await collector.merged(texts.map(idOf))
}

async function exportLines(...args: string[]): Promise<string[]> {
  const { code, stdout, said } = await runCommand(['export', ...args])
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('exported') as string })
  return stdout.split('\n').slice(0, -1)
}

async function importFile(name: string, content: string | Buffer, ...args: string[]) {
  const path = join(dir, name)
  await writeFile(path, content)
  return { path, ...(await runCommand(['import', path, '--url', collector.url, ...args])) }
}

/** Each on one line, as most producers send them. */
function oneLineTexts(): string[] {
  return fixtureTexts().map((text) => JSON.stringify(JSON.parse(text)))
}

describe('an export imported into an empty collector', () => {
  it(
    'gives the same graph, in envelopes whatever the texts look like',
    async () => {
      const texts = fixtureTexts()
      await send(texts)
      const before = await dumpGraph(collector.graph)
      const path = join(dir, 'log.ndjson.gz')
      expect((await runCommand(['export', '--envelope', path])).code).toBe(0)
      await wipeGraph(collector.graph)

      const { code, said } = await runCommand(['import', path, '--url', collector.url])

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringContaining(`${texts.length} events sent, 0 left out`) as string,
      })
      await collector.merged(texts.map(idOf))
      expect(await dumpGraph(collector.graph)).toEqual(before)
    },
    testMsMax,
  )

  it(
    'gives the same graph, in plain lines where each text was one line',
    async () => {
      const texts = oneLineTexts()
      await send(texts)
      const before = await dumpGraph(collector.graph)
      const lines = await exportLines()
      expect(lines.toSorted()).toEqual(texts.toSorted())
      await wipeGraph(collector.graph)

      const { code } = await importFile('plain.ndjson', lines.join('\n'))

      expect(code).toBe(0)
      await collector.merged(texts.map(idOf))
      expect(await dumpGraph(collector.graph)).toEqual(before)
    },
    testMsMax,
  )
})

const runId1 = '00000000-0000-7000-8000-000000000001'
const runId2 = '00000000-0000-7000-8000-000000000002'

describe('headwater export', () => {
  const early = JSON.stringify(aRunEvent({ eventTime: '2026-11-01T10:00:00Z', run: { runId: runId1 } }))
  const late = JSON.stringify(
    aRunEvent({ eventTime: '2026-11-03T10:00:00Z', eventType: 'COMPLETE', run: { runId: runId1 } }),
  )
  const unknown = JSON.stringify(
    aRunEvent({
      eventTime: '2026-11-02T10:00:00Z',
      run: { runId: runId1 },
      job: { namespace: 'jobs', name: 'unknown' },
    }),
  )
  const other = JSON.stringify(
    aRunEvent({
      eventTime: '2026-11-02T10:00:00Z',
      producer: 'https://example.com/integration/spark',
      run: { runId: runId2 },
      job: { namespace: 'others', name: 'load' },
    }),
  )
  const job = JSON.stringify(aJobEvent({ eventTime: '2026-11-04T10:00:00Z' }))
  const dataset = JSON.stringify(aDatasetEvent({ eventTime: '2026-11-05T10:00:00Z' }))
  const all = [early, late, unknown, other, job, dataset]

  beforeEach(async () => await send(all))

  it('writes by eventTime, events of one time by their id', async () => {
    const sameTime = [unknown, other].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))

    expect(await exportLines()).toEqual([early, ...sameTime, late, job, dataset])
  })

  it('takes the events of a time', async () => {
    expect(await exportLines('--from', '2026-11-03', '--to', '2026-11-05T10:00:00Z')).toEqual([late, job])
    expect(await exportLines('--from', '2026-11-05T10:00:00Z')).toEqual([dataset])
  })

  it('takes the events of a job: of its runs under whatever name, and its JobEvents', async () => {
    expect(await exportLines('--job', 'load', '--job-namespace', 'jobs')).toEqual([early, unknown, late, job])
    expect((await exportLines('--job', 'load')).toSorted()).toEqual(
      [early, unknown, other, late, job].toSorted(),
    )
    expect(await exportLines('--job-namespace', 'others')).toEqual([other])
  })

  it('takes the events of a producer', async () => {
    expect(await exportLines('--producer', 'integration/spark')).toEqual([other])
    expect(await exportLines('--producer', 'integration/flink')).toEqual([])
  })

  it('writes gzip where it is asked to, or the name of the file says so', async () => {
    const path = join(dir, 'some.gz')
    await runCommand(['export', path, '--from', '2026-11-05'])
    expect(gunzipSync(await readFile(path)).toString()).toBe(`${dataset}\n`)

    const plainName = join(dir, 'some.ndjson')
    await runCommand(['export', plainName, '--from', '2026-11-05', '--gzip'])
    expect(gunzipSync(await readFile(plainName)).toString()).toBe(`${dataset}\n`)
  })

  it('leaves no file behind where it is stopped by a wrong option', async () => {
    const { code, said } = await runCommand(['export', join(dir, 'never'), '--from', 'yesterday'])

    expect(code).not.toBe(0)
    expect(said).toContain("'yesterday' is invalid. It is no time")
    expect(await readdir(dir)).not.toContain('never')
  })

  it('puts a text of several lines on one, and says that its id is another then', async () => {
    const pretty = JSON.stringify(JSON.parse(dataset), undefined, 2).replace('"db"', '"d\\u0062"')
    await send([pretty])

    const { stdout, said } = await runCommand(['export', '--from', '2026-11-05'])

    expect(said).toContain('1 of them had line breaks')
    expect(stdout.split('\n')).toContain(dataset.replace('"db"', '"d\\u0062"'))
  })

  it('keeps every text in envelopes, and what people have changed', async () => {
    const change = {
      id: 'change-1',
      at: '2026-11-02T00:00:00.000000000Z',
      kind: 'IDENTITY_RULES',
      payload: '{"rules": []}',
      by: 'someone',
    }
    await writeChanges(collector.graph, [change])

    const lines = (await exportLines('--envelope')).map((line) => JSON.parse(line) as Record<string, unknown>)

    expect(lines[0]).toEqual({ change })
    expect(lines.slice(1).map(({ id }) => id)).toHaveLength(all.length)
    for (const { id, text } of lines.slice(1)) expect(idOf(String(text))).toBe(id)

    await collector.graph.inWrite((tx) => tx.run(cypher`MATCH (c:Change) DETACH DELETE c`))
    const file = lines.map((line) => JSON.stringify(line)).join('\n')
    expect((await importFile('changes.ndjson', file, '--changes')).code).toBe(0)
    const rows = await collector.graph.inRead((tx) =>
      tx.run(
        cypher`MATCH (c:Change) RETURN c.id AS id, toString(c.at) AS at, c.payload AS payload, c.by AS by`,
      ),
    )
    expect(rows).toEqual([
      { id: 'change-1', at: '2026-11-02T00:00:00Z', payload: '{"rules": []}', by: 'someone' },
    ])
  })
})

describe('headwater import', () => {
  const events = ['a', 'b', 'c'].map((name) =>
    JSON.stringify(aDatasetEvent({ dataset: { namespace: 'db', name } })),
  )

  it.each([
    ['an answer of Marquez', `{"totalCount":3,"events":[${events.join(',')}]}`],
    [
      'a dump of its table',
      events
        .map((event) => `{"event_time":"2026-11-22 10:00:00+00","event":${event},"producer":"x"}`)
        .join('\n'),
    ],
    ['an array over several lines', `[\n  ${events.join(',\n  ')}\n]\n`],
    ['a gzip file of lines', gzipSync(`${events.join('\n')}\n`)],
  ])('takes %s', async (_what, content) => {
    const { code, said } = await importFile('foreign', content, '--again')

    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('3 events sent') as string })
    await collector.merged(events.map(idOf))
  })

  it('takes the files that an OpenLineage client writes, one event each', async () => {
    const paths = events.map((_, index) => join(dir, `event-${index}.json`))
    for (const [index, path] of paths.entries()) await writeFile(path, events[index] ?? '')

    const { code } = await runCommand(['import', ...paths, '--url', collector.url])

    expect(code).toBe(0)
    await collector.merged(events.map(idOf))
  })

  it('reads stdin', async () => {
    const command = startCommand(['import', '-', '--url', collector.url, '--notes-dir', dir])
    const { code, said } = await command.ended

    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('0 events sent') as string })
  })

  it('names what is wrong with each line, imports the rest, and says so with its exit code', async () => {
    const wrong = JSON.stringify({ ...aJobEvent(), job: { namespace: 'jobs' } })
    const lines = [events[0], 'nonsense', events[1], wrong, events[2]]

    const { path, code, said } = await importFile('bad.ndjson', lines.join('\n'))

    expect(code).toBe(3)
    expect(said).toContain('3 events sent, 2 left out')
    const report = await readFile(`${path}.import-report.ndjson`, 'utf8')
    expect(report.split('\n').map((line) => (line === '' ? '' : (JSON.parse(line) as unknown)))).toEqual([
      { file: path, line: 2, reason: expect.stringContaining('is not JSON') as string },
      { file: path, line: 4, reason: expect.stringContaining('#/job/name is required') as string },
      '',
    ])
    await collector.merged(events.map(idOf))
  })

  it(
    'goes on where it was after it was killed',
    async () => {
      const texts = Array.from({ length: 900 }, (_, number) =>
        JSON.stringify({
          ...aDatasetEvent({ dataset: { namespace: 'many', name: `table ${number % 40}` } }),
          number,
        }),
      )
      const path = join(dir, 'many.ndjson')
      await writeFile(path, texts.join('\n'))
      const args = ['import', path, '--url', collector.url]
      const first = startCommand(args)
      await eventually(async () => (await readdir(dir)).includes('many.ndjson.import-state.json'))
      first.process.kill('SIGKILL')
      await first.ended

      const { code, said } = await runCommand(args)

      expect({ code, said }).toEqual({
        code: 0,
        said: expect.stringMatching(/goes on after \d00 records/) as string,
      })
      expect(said).toContain('900 events sent, 0 left out')
      await collector.merged(texts.map(idOf))
      const again = await runCommand(args)
      expect(again.said).toContain('was imported before')
    },
    testMsMax,
  )

  it('says that there is no collector', async () => {
    const { path } = await importFile('none.ndjson', events.join('\n'))

    const { code, said } = await runCommand(['import', path, '--url', `${collector.url}/nowhere`])

    expect(code).toBe(1)
    expect(said).toContain('No collector at')
  })
})
