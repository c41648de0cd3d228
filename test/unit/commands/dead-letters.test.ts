import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { addDeadLetterCommands } from '../../../src/commands/dead-letters.ts'
import type { DeadLetters } from '../../../src/queue/dead-letters.ts'
import type { Fault } from '../../../src/queue/fault.ts'
import { toQueuedEvent, toQueueEntry } from '../../../src/receive/to-queued-event.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import { aRunEvent } from '../../support/events.ts'
import { someDeadLetters } from '../../support/some-dead-letters.ts'
import { startReceiver, type TestReceiver } from '../receive/receiver.ts'
import { runCommand, type CommandRun } from './run-command.ts'

const validate = createEventValidator({ strict: false })
const ahead: Fault = { kind: 'EVENT_AHEAD', reason: 'The eventTime is ahead.', pointer: '#/eventTime' }
const failed: Fault = { kind: 'MERGE_FAILED', reason: 'no room\u001B[2J' }

let receiver: TestReceiver
let deadLetters: DeadLetters
let dir: string

beforeEach(async () => {
  deadLetters = someDeadLetters()
  receiver = await startReceiver({ validate, deadLetters, keys: ['key'] })
  dir = await mkdtemp(join(tmpdir(), 'headwater-test-'))
})

afterEach(async () => {
  await receiver.close()
  await rm(dir, { recursive: true })
})

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandRun> {
  return runCommand(addDeadLetterCommands, ['dead-letters', ...args], {
    OPENLINEAGE_URL: `http://127.0.0.1:${receiver.port}/api/v1/lineage`,
    API_KEYS: 'key,other',
    ...env,
  })
}

async function addLetter(name: string, fault: Fault = ahead): Promise<{ id: string; text: string }> {
  const said = aRunEvent({ job: { namespace: 'jobs', name } })
  const text = JSON.stringify(said).replace('{', '{"snapshotId":3821550127947089009,')
  const verdict = validate(JSON.parse(text))
  if (!verdict.ok) throw new Error('the event is not valid')
  const arrival = { requestId: 'r1', receivedAt: '2026-11-22T10:00:00.000Z' }
  const event = await toQueuedEvent(toQueueEntry({ text: Buffer.from(text) }, verdict), arrival)
  await deadLetters.add(event, fault)
  return { id: event.id, text }
}

/** An editor that replaces a text in the file it is given. */
async function anEditor(from: string, to: string): Promise<NodeJS.ProcessEnv> {
  const path = join(dir, 'editor.sh')
  await writeFile(path, `#!/bin/sh\nsed -i.bak 's/${from}/${to}/' "$2"\n`)
  await chmod(path, 0o700)
  return { EDITOR: `${path} --wait` }
}

describe('headwater dead-letters list', () => {
  it('prints a table, the newest first', async () => {
    const { id } = await addLetter('load')
    await addLetter('other', failed)

    const { stdout, stderr, exitCode } = await run(['list'])

    const [head, rule, first, second] = stdout.split('\n')
    expect(head).toMatch(/^id +first failed +tries +kind +event +reason$/)
    expect(rule).toMatch(/^[- ]+$/)
    expect(first).toMatch(/1 {2}MERGE_FAILED {2}START other \(jobs\) at 2026-11-22T10:00:00Z +no room/)
    expect(second?.startsWith(id.slice(0, 12))).toBe(true)
    expect(stdout).not.toContain('\u001B')
    expect([stderr, exitCode]).toEqual(['', 0])
  })

  it('says where to go on', async () => {
    for (const name of ['a', 'b', 'c']) await addLetter(name)

    const first = await run(['list', '--limit', '2'])
    const cursor = /--cursor (\S+)/.exec(first.stderr)?.[1] ?? ''
    const second = await run(['list', '--limit', '2', '--cursor', cursor])

    expect(first.stdout.trim().split('\n')).toHaveLength(4)
    expect(second.stdout).toContain('START a (jobs)')
    expect(second.stderr).toBe('')
  })

  it('filters, groups, and prints JSON', async () => {
    await addLetter('load')
    await addLetter('other', failed)

    const filtered = await run(['list', '--kind', 'EVENT_AHEAD', '--producer', 'example.com', '--json'])
    const groups = await run(['list', '--groups'])

    expect(JSON.parse(filtered.stdout)).toMatchObject({ deadLetters: [{ subject: 'load (jobs)' }], total: 2 })
    expect(groups.stdout).toMatch(/1 {2}EVENT_AHEAD +https:\/\/example.com\/producer/)
  })

  it('says that there are none', async () => {
    const { stdout, stderr } = await run(['list'])

    expect([stdout, stderr]).toEqual(['', 'There are no dead letters.\n'])
  })

  it('says what the collector has against the options', async () => {
    const { stderr, exitCode } = await run(['list', '--kind', 'WRONG'])

    expect(stderr).toContain('headwater: The request cannot be understood. kind must be one of EVENT_AHEAD')
    expect(exitCode).toBe(1)
  })

  it('takes the first of API_KEYS that may do what is asked', async () => {
    const listed = await run(['list'], { API_KEYS: 'other send,key read+admin' })
    const refused = await run(['list'], { API_KEYS: 'stranger send' })

    expect([listed.exitCode, refused.exitCode]).toEqual([0, 1])
    expect(refused.stderr).toContain('The API key is missing or unknown.')
  })

  it('says where it looked for a collector, and that the key is not known', async () => {
    const nobody = await run(['list', '--url', 'http://127.0.0.1:1'])
    const stranger = await run(['list', '--api-key', 'wrong'])

    expect(nobody.stderr).toMatch(/No collector answers at http:\/\/127.0.0.1:1\/api\/v2\/dead-letters/)
    expect(stranger.stderr).toContain('The API key is missing or unknown.')
    expect([nobody.exitCode, stranger.exitCode]).toEqual([1, 1])
  })
})

describe('headwater dead-letters show', () => {
  it('explains a letter and shows its event, digit by digit', async () => {
    const { id } = await addLetter('load')

    const { stdout } = await run(['show', id.slice(0, 12)])

    expect(stdout).toContain(`Dead letter ${id}`)
    expect(stdout).toMatch(/kind +EVENT_AHEAD: The eventTime lies further ahead/)
    expect(stdout).toMatch(
      /where +#\/eventTime \(BaseEvent 2-0-2, eventTime, https:\/\/openlineage.io\/spec\/2-0-2\//,
    )
    expect(stdout).toMatch(/producer +https:\/\/example.com\/producer \(1 of this kind from it\)/)
    expect(stdout).toContain('  "snapshotId": 3821550127947089009,\n')
    expect(stdout).toContain('    "name": "load"\n')
  })

  it('leaves out the event, or prints all as JSON', async () => {
    const { id } = await addLetter('load')

    const short = await run(['show', id, '--no-event'])
    const json = await run(['show', id, '--json'])

    expect(short.stdout).not.toContain('snapshotId')
    expect(JSON.parse(json.stdout)).toMatchObject({ id, sameKind: 1, event: { job: { name: 'load' } } })
    expect(json.stdout).toContain('3821550127947089009')
  })

  it('says that there is no such letter', async () => {
    const { stderr, exitCode } = await run(['show', 'abc'])

    expect(stderr).toContain('There is no dead letter abc')
    expect(exitCode).toBe(1)
  })
})

describe('headwater dead-letters retry and drop', () => {
  it('takes ids, and goes on behind one that is unknown', async () => {
    const [first, second] = [await addLetter('a'), await addLetter('b')]

    const { stderr, exitCode } = await run(['retry', first.id.slice(0, 12), 'abc', second.id])

    expect(receiver.queued.map(({ id }) => id)).toEqual([first.id, second.id])
    expect(stderr).toContain(`${second.id}: retried`)
    expect(stderr).toContain('abc: There is no such dead letter.')
    expect(exitCode).toBe(3)
    expect(await deadLetters.count()).toBe(0)
  })

  it('takes all that a filter finds', async () => {
    await addLetter('a')
    await addLetter('b', failed)

    const { stderr, exitCode } = await run(['drop', '--kind', 'MERGE_FAILED'])

    expect([stderr, exitCode]).toEqual(['1 dropped\n', 0])
    expect(await deadLetters.count()).toBe(1)
  })

  it('takes all, however many requests that needs', async () => {
    for (let index = 0; index < 1030; index += 1) await addLetter(`job ${index}`)

    const { stdout, exitCode } = await run(['retry', '--all', '--json'])

    expect([JSON.parse(stdout), exitCode]).toEqual([{ retried: 1030, failed: [] }, 0])
    expect(receiver.queued).toHaveLength(1030)
  })

  it.each([[['drop']], [['drop', 'abc', '--all']], [['retry', 'abc', '--kind', 'EVENT_AHEAD']]])(
    'wants to be told which: %j',
    async (args) => {
      await addLetter('a')

      const { stderr, exitCode } = await run(args)

      expect(stderr).toContain('either ids, or --all, or options such as --kind')
      expect(exitCode).toBe(2)
      expect(await deadLetters.count()).toBe(1)
    },
  )
})

describe('headwater dead-letters edit', () => {
  it('opens the event in an editor and queues what it became', async () => {
    const { id } = await addLetter('load')

    const { stderr, exitCode } = await run(['edit', id.slice(0, 12)], await anEditor('load', 'remedied'))

    const [event] = receiver.queued
    const text = gunzipSync(Buffer.from(event?.payload ?? '', 'base64')).toString()
    expect(JSON.parse(text)).toMatchObject({ job: { name: 'remedied' } })
    expect(text).toContain('3821550127947089009')
    expect(event?.id).toBe(createHash('sha256').update(text).digest('hex'))
    expect(stderr).toBe(`Queued as ${event?.id ?? ''}.\n`)
    expect([exitCode, await deadLetters.count()]).toEqual([0, 0])
  })

  it('leaves the letter alone where nothing was changed', async () => {
    const { id } = await addLetter('load')

    const { stderr } = await run(['edit', id], await anEditor('nothing', 'else'))

    expect(stderr).toContain('Nothing was changed')
    expect(receiver.queued).toEqual([])
    expect(await deadLetters.count()).toBe(1)
  })

  it('keeps the edited text where it is not valid', async () => {
    const { id } = await addLetter('load')

    const { stderr, exitCode } = await run(['edit', id], await anEditor('START', 'BEGIN'))

    expect(stderr).toContain('The event does not match its schema. 1 value differs from RunEvent 2-0-2.')
    expect(stderr).toContain('  #/eventType must be one of START')
    const path = /--file (\S+)/.exec(stderr)?.[1] ?? ''
    expect(await readFile(path, 'utf8')).toContain('"BEGIN"')
    await rm(join(path, '..'), { recursive: true })
    expect([exitCode, await deadLetters.count()]).toEqual([1, 1])
  })

  it('takes the edited event from a file, and tells its warnings', async () => {
    const { id, text } = await addLetter('load')
    const path = join(dir, 'event.json')
    await writeFile(path, text.replace('2026-11-22T10:00:00Z', '2026-11-22T10:00:00'))

    const { stderr } = await run(['edit', id, '--file', path])

    expect(stderr).toContain('warning: #/eventTime has no zone; taken as UTC')
    expect(await deadLetters.count()).toBe(0)
  })

  it('says so where there is no editor', async () => {
    const { id } = await addLetter('load')

    const { stderr, exitCode } = await run(['edit', id], { EDITOR: join(dir, 'none') })

    expect(stderr).toContain('cannot be started')
    expect(exitCode).toBe(1)
  })
})
