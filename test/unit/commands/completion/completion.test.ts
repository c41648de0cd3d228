import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { addCompletionCommand } from '../../../../src/commands/completion/add-completion-command.ts'
import { addDeadLetterCommands } from '../../../../src/commands/dead-letters.ts'
import { addReadCommands } from '../../../../src/commands/read/add-read-commands.ts'
import { portOf } from '../read/fake-collector.ts'
import { runCommand, type AddCommands } from '../run-command.ts'

const add: AddCommands = (program, surroundings) => {
  addReadCommands(program, surroundings)
  addDeadLetterCommands(program, surroundings)
  addCompletionCommand(program, surroundings)
}

/** A `headwater` that knows two ids. */
const headwater = `#!/bin/sh
[ "$1" = complete-nodes ] && printf 'dataset:db%%3A1:%s\\n' orders 'or ders'
`
const asBashDoes = `source "$0"; COMP_LINE="$1"; COMP_POINT=\${#1}; _headwater; printf '%s\\n' "\${COMPREPLY[@]}"`

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headwater-completion-'))
  await writeFile(join(dir, 'headwater'), headwater)
  await chmod(join(dir, 'headwater'), 0o700)
  await writeFile(join(dir, 'completion.bash'), (await runCommand(add, ['completion', 'bash'])).stdout)
})

afterAll(async () => {
  await rm(dir, { recursive: true })
})

async function complete(line: string): Promise<string[]> {
  const env = { ...process.env, PATH: `${dir}:${process.env['PATH'] ?? ''}` }
  const args = ['--norc', '-c', asBashDoes, join(dir, 'completion.bash'), line]
  const { stdout, stderr } = await promisify(execFile)('bash', args, { env, cwd: dir })
  return `${stderr}${stdout}`.split('\n').filter((word) => word !== '')
}

describe('completion in bash', () => {
  it.each([
    ['headwater lin', ['lineage']],
    ['headwater dead-letters ', ['list', 'show', 'retry', 'edit', 'drop']],
    ['headwater dead-letters list --gr', ['--groups']],
    ['headwater lineage x --ups', ['--upstream']],
    ['headwater lineage --granularity f', ['field', 'flow']],
    ['headwater runs --state ', ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']],
    ['headwater lineage --depth ', []],
    ['headwater cypher --file compl', ['completion.bash']],
    ['headwater completion z', ['zsh']],
    // Bash takes the word from its last colon on, and quotes nothing by itself.
    ['headwater lineage data', ['dataset:db%3A1:orders', String.raw`dataset:db%3A1:or\ ders`]],
    ['headwater path a dataset:db%3A1:o', ['orders', String.raw`or\ ders`]],
    ['headwater runs --job dataset:d', ['db%3A1:orders', String.raw`db%3A1:or\ ders`]],
  ])('makes of "%s" %j', async (line, words) => {
    expect(await complete(line)).toEqual(words)
  })
})

describe('the scripts for other shells', () => {
  it.each(['zsh', 'fish'])('name every command in %s, but not what is hidden', async (shell) => {
    const { stdout } = await runCommand(add, ['completion', shell])

    expect(stdout).toContain('dead-letters list')
    expect(stdout).toContain('granularity')
    expect(stdout.split('\n').filter((line) => line.includes('complete-nodes'))).toHaveLength(1)
  })
})

describe('the ids that complete a word', () => {
  let server: Server
  let asked: string[]
  let results: { id: string; name?: string }[]
  let fields: { id: string }[]

  beforeEach(async () => {
    asked = []
    fields = []
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end(JSON.stringify({ results, datasets: results, namespaces: results, fields }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve))
  })

  const candidates = async (word: string) => {
    const env = { OPENLINEAGE_URL: `http://127.0.0.1:${portOf(server)}` }
    const { stdout, stderr } = await runCommand(add, ['complete-nodes', '--', word], env)
    return [...stdout.trimEnd().split('\n'), stderr].filter((line) => line !== '')
  }

  it('are kinds of ids at first', async () => {
    expect([await candidates(''), await candidates('da')]).toEqual([
      ['dataset:', 'job:', 'field:', 'run:'],
      ['dataset:'],
    ])
    expect(asked).toEqual([])
  })

  it('are namespaces, then names, then columns', async () => {
    results = [
      { id: 'dataset:s3%3A//b:orders', name: 's3://b' },
      { id: 'dataset:s3%3A//b:ordinal', name: 'x' },
    ]
    fields = [{ id: 'field:s3%3A//b:orders:id' }, { id: 'field:s3%3A//b:orders:total' }]

    expect([
      await candidates('dataset:'),
      await candidates('job:s3'),
      await candidates('dataset:s3%3A//b:or'),
      await candidates('field:s3%3A//b:ord'),
      await candidates('field:s3%3A//b:orders:t'),
    ]).toEqual([
      ['dataset:s3%3A//b:', 'dataset:x:'],
      ['job:s3%3A//b:'],
      ['dataset:s3%3A//b:orders', 'dataset:s3%3A//b:ordinal'],
      ['field:s3%3A//b:orders:', 'field:s3%3A//b:ordinal:'],
      ['field:s3%3A//b:orders:total'],
    ])
    expect(asked.slice(2)).toEqual([
      '/api/v2/datasets?namespace=s3%3A%2F%2Fb&prefix=or&limit=50',
      '/api/v2/datasets?namespace=s3%3A%2F%2Fb&prefix=ord&limit=50',
      '/api/v2/datasets/s3%3A%2F%2Fb/orders',
    ])
  })

  it('are the one thing that a word finds, and nothing where it finds several', async () => {
    results = [{ id: 'dataset:a:orders' }]
    const one = await candidates('orders')
    results = [{ id: 'dataset:a:orders' }, { id: 'dataset:b:orders' }]

    expect([one, await candidates('orders')]).toEqual([['dataset:a:orders'], []])
  })

  it('are none, in silence, where no collector answers', async () => {
    const { stdout, stderr, exitCode } = await runCommand(add, ['complete-nodes', '--', 'orders'], {
      OPENLINEAGE_URL: 'http://127.0.0.1:1',
    })

    expect([stdout, stderr, exitCode]).toEqual(['', '', undefined])
  })
})
