import { createServer, type Server } from 'node:http'
import { addProducersCommand } from '../../../src/commands/producers.ts'
import { runCommand, type CommandRun } from './run-command.ts'

let server: Server
let asked: string[]
let answer: object

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
})

function run(...args: string[]): Promise<CommandRun> {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return runCommand(addProducersCommand, ['producers', '--url', `http://127.0.0.1:${port}/`, ...args])
}

const spark = {
  name: 'OpenLineage/OpenLineage integration/spark',
  version: '1.53.0',
  uris: [],
  events: 1234,
  eventsWithWarnings: 12,
  warnings: [{ kind: 'FACET_FORMAT', events: 12, example: '3f2a9c4177b0e2d9' }],
  runs: { seen: 51, completed: 44, withoutEnd: 7, completeWithoutStart: 0, missingParent: 4 },
  outputs: { written: 28, withSchema: 27, withColumnLineage: 22 },
  deadLetters: [{ kind: 'EVENT_AHEAD', letters: 3 }],
}
const loader = {
  ...spark,
  name: 'loader',
  version: null,
  warnings: [],
  deadLetters: [],
  outputs: { written: 0, withSchema: 0, withColumnLineage: 0 },
}
const window = {
  from: '2026-11-15T10:00:00.000000000Z',
  to: '2026-11-23T10:00:00.000000000Z',
  eventsRead: 2468,
}

describe('headwater producers', () => {
  it('prints a table, and beneath it what the warnings and dead letters are', async () => {
    answer = { ...window, producers: [spark, loader] }

    const { stdout, stderr, exitCode } = await run()

    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(
      /^producer +version +events +warned +runs +no end +no start +no parent +outputs +schema +columns +dead$/,
    )
    expect(lines[2]?.split(/ {2,}/)).toEqual([
      'OpenLineage/OpenLineage integration/spark',
      '1.53.0',
      '1,234',
      '12',
      '51',
      '7',
      '0',
      '4',
      '28',
      '96 %',
      '78 %',
      '3',
    ])
    expect(lines[3]?.split(/ {2,}/)).toEqual(expect.arrayContaining(['loader', '-', '1,234', '0', '-']))
    expect(lines.slice(4)).toEqual([
      '',
      'OpenLineage/OpenLineage integration/spark 1.53.0',
      '  12 events FACET_FORMAT, such as 3f2a9c4177b0: a value in a facet has the wrong format, such as a URI that is none',
      '  3 dead letters EVENT_AHEAD',
    ])
    expect(stderr).toBe('From 2026-11-15 10:00:00 to 2026-11-23 10:00:00 UTC, by eventTime.\n')
    expect(exitCode).toBe(0)
  })

  it('passes on what is asked, and prints JSON', async () => {
    answer = { ...window, producers: [spark] }

    const { stdout } = await run(
      '--from',
      '24h',
      '--unended',
      '2h',
      '--producer',
      'integration/spark',
      '--json',
    )

    expect(asked).toEqual(['/api/v2/producers?from=24h&unended=2h&producer=integration%2Fspark'])
    expect(JSON.parse(stdout)).toEqual(answer)
  })

  it('says where not all was read', async () => {
    answer = {
      ...window,
      truncatedBefore: '2026-11-20T00:00:00.000000000Z',
      moreProducers: 5,
      producers: [spark],
    }

    const { stderr } = await run()

    expect(stderr).toContain('Only the newest 2468 events were read: since 2026-11-20 00:00:00.')
    expect(stderr).toContain('And 5 more producers.')
  })

  it('says that there were no events', async () => {
    answer = { ...window, producers: [] }

    const { stdout, stderr } = await run()

    expect([stdout, stderr.startsWith('There were no events.')]).toEqual(['', true])
  })
})
