import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Who may import whom: the road of an event, and what stands beside it. */
const mayImport: Record<string, readonly string[]> = {
  openlineage: [],
  config: ['door-settings', 'retention-settings', 'setting-readers', 'trace-settings'],
  'door-settings': ['setting-readers'],
  'retention-settings': ['setting-readers'],
  'trace-settings': ['setting-readers'],
  'setting-readers': [],
  logger: [],
  graph: ['config', 'logger'],
  http: ['config', 'logger', 'openlineage'],
  validate: ['openlineage', 'logger'],
  queue: ['openlineage', 'logger'],
  redact: ['openlineage'],
  receive: ['openlineage', 'redact', 'validate', 'queue', 'http', 'logger'],
  project: ['openlineage'],
  identity: ['openlineage'],
  merge: ['openlineage', 'identity', 'project', 'graph', 'log', 'logger'],
  local: ['config', 'logger'],
  // What a job did at a time is made of its versions as the merge makes it of them: by the same pure functions.
  read: ['openlineage', 'project', 'graph', 'http', 'log', 'logger'],
  log: ['openlineage', 'graph'],
  rebuild: ['openlineage', 'validate', 'queue', 'graph', 'log'],
  // What goes by age: it takes events for what they say, and leaves that to whoever makes a graph of it.
  erase: ['openlineage', 'project', 'graph', 'log', 'retention'],
  retention: ['openlineage', 'project', 'graph', 'log'],
  // What is counted: it hears of it through the interfaces of those who do it.
  metrics: ['openlineage', 'http', 'queue', 'receive', 'retention'],
  // What is followed, likewise; roles load it where it is wanted, by import().
  tracing: ['openlineage', 'queue', 'receive', 'graph', 'logger'],
  app: ['receive', 'read', 'graph', 'http', 'log', 'logger'],
  roles: [
    'app',
    'config',
    'graph',
    'http',
    'identity',
    'local',
    'log',
    'logger',
    'merge',
    'metrics',
    'openlineage',
    'project',
    'queue',
    'receive',
    'redact',
    'retention',
    'validate',
  ],
  commands: [
    'config',
    'erase',
    'graph',
    'http',
    'identity',
    'local',
    'log',
    'logger',
    'merge',
    'openlineage',
    'project',
    'queue',
    'read',
    'rebuild',
    'retention',
    'roles',
    'validate',
  ],
  main: ['commands', 'config', 'http', 'local', 'logger', 'roles'],
}

const root = fileURLToPath(new URL('../src/', import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))

/** `queue/lanes.ts` is of the part `queue`, `main.ts` of `main`. */
function partOf(path: string): string {
  return path.split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) =>
    relative(root, join(root, dirname(path), target)),
  )
}

describe('the parts of src', () => {
  it('are all known here', () => {
    expect([...new Set(files.map(partOf))].filter((part) => !(part in mayImport))).toEqual([])
  })

  it('import only what they may', () => {
    const forbidden = files.flatMap((path) =>
      importsOf(path)
        .filter(
          (target) => partOf(target) !== partOf(path) && !mayImport[partOf(path)]?.includes(partOf(target)),
        )
        .map((target) => `${path} imports ${target}`),
    )

    expect(forbidden).toEqual([])
  })

  it('have no drawers for odds and ends', () => {
    const drawers = files.filter((path) =>
      /(?:^|\/)(?:utils?|helpers?|common|services?|index)(?:\.ts|\/)/.test(path),
    )

    expect(drawers).toEqual([])
  })

  it('are files of one thought', () => {
    const long = files.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 250)

    expect(long).toEqual([])
  })
})
