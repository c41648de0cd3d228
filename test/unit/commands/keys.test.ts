import { PassThrough } from 'node:stream'
import { addKeysCommands } from '../../../src/commands/keys.ts'
import { createApiKeys } from '../../../src/http/api-keys.ts'
import { createTestLog } from '../receive/receiver.ts'
import { runCommand, type CommandRun } from './run-command.ts'

async function runKeys(args: readonly string[], input = ''): Promise<CommandRun> {
  const stdin = new PassThrough()
  stdin.end(input)
  return await runCommand(
    (program, surroundings) => addKeysCommands(program, { ...surroundings, stdin }),
    ['keys', ...args],
  )
}

const keysOf = (line: string) => createApiKeys({ keys: [line], file: '', log: createTestLog([]) })

describe('headwater keys new', () => {
  it('prints a key and a line that a receiver takes it by, without the key in it', async () => {
    const { stdout, exitCode } = await runKeys(['new', 'send', 'read'])

    const [key = '', line = ''] = stdout.split('\n')
    const keys = keysOf(line)
    expect(exitCode).toBe(0)
    expect(key).toMatch(/^hw_[\w-]{43}$/)
    expect(line).toMatch(/^sha256:[0-9a-f]{64} send read$/)
    expect(() => keys.require(`Bearer ${key}`, 'send')).not.toThrow()
    expect(() => keys.require(`Bearer ${key}`, 'admin')).toThrow('the scope admin')
  })

  it('makes another one each time', async () => {
    const [first, second] = [await runKeys(['new']), await runKeys(['new'])]

    expect(first.stdout).not.toBe(second.stdout)
  })

  it.each([
    [['wirte'], 'must be scopes'],
    [['send', 'namespaces=a'], 'it has to have read'],
  ])('makes none that a receiver would refuse: %j', async (may, mistake) => {
    const { stdout, stderr, exitCode } = await runKeys(['new', ...may])

    expect(exitCode).toBe(2)
    expect(stderr).toContain(mistake)
    expect(stdout).toBe('')
  })
})

describe('headwater keys hash', () => {
  it('prints the line of a key from stdin', async () => {
    const { stdout, exitCode } = await runKeys(['hash', 'read'], 's3cr3t\n')

    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^sha256:[0-9a-f]{64} read\n$/)
    expect(() => keysOf(stdout.trim()).require('Bearer s3cr3t', 'read')).not.toThrow()
  })

  it.each(['', 'two words'])('takes one key, and not %j', async (input) => {
    expect(await runKeys(['hash'], input)).toMatchObject({ exitCode: 1, stdout: '' })
  })
})
