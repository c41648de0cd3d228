import type { Command } from 'commander'
import { readConfig, type Config } from '../config.ts'
import type { Scope } from '../http/access.ts'
import { readKeyLine } from '../http/key-line.ts'
import { readConnection } from '../local/connection-file.ts'
import { toDataDir } from '../local/data-dir.ts'
import { isJsonObject, readPath } from '../openlineage/json-object.ts'

export interface DoorFlags {
  url?: string
  apiKey?: string
}

/** A collector's API, as a command uses it. */
export interface CollectorDoor {
  /**
   * Asks, and gives the text of the answer.
   * @throws {CollectorRefused} with what the collector says against it
   * @throws {Error} where no collector answers
   */
  ask(method: string, path: string, body?: string): Promise<string>
  /** The same for what an answer says in its headers. */
  get(path: string): Promise<{ text: string; headers: Headers }>
}

/** The collector answered, and refused. */
export class CollectorRefused extends Error {
  override readonly name = 'CollectorRefused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const answerMsMax = 120_000
const eventPath = /\/api\/v1\/lineage\/?$/

/** The options of every command that asks a collector. */
export function addDoorOptions(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'the collector; default: OPENLINEAGE_URL, the one of headwater up, or PORT on this machine',
    )
    .option(
      '--api-key <key>',
      'the key to send; default: OPENLINEAGE_API_KEY, or the first of API_KEYS that may do it',
    )
}

export async function openDoor(
  flags: DoorFlags,
  { env, signal, scopes }: { env: NodeJS.ProcessEnv; signal: AbortSignal; scopes: readonly Scope[] },
): Promise<CollectorDoor> {
  const { base, key } = await findDoor(flags, { env, scopes })
  const send = async (method: string, path: string, body: string | undefined) =>
    await ask({ method, url: base + path, key, body, signal })
  return {
    ask: async (method, path, body) => (await send(method, path, body)).text,
    get: async (path) => await send('GET', path, undefined),
  }
}

/** Where the collector is, and the key to it: one for these scopes. */
export async function findDoor(
  flags: DoorFlags,
  { env, scopes }: { env: NodeJS.ProcessEnv; scopes: readonly Scope[] },
): Promise<{ base: string; key: string | undefined }> {
  const config = readConfig(env)
  const local = await readConnection(toDataDir(config.dataDir).connectionPath)
  const url = flags.url ?? env['OPENLINEAGE_URL'] ?? local?.collectorUrl ?? toOwnUrl(config)
  // The address that producers have may name their endpoint.
  const base = url.replace(eventPath, '').replace(/\/+$/, '')
  return { base, key: flags.apiKey ?? env['OPENLINEAGE_API_KEY'] ?? pickKey(config.apiKeys, scopes) }
}

function toOwnUrl({ port, tlsCertFile }: Config): string {
  return `${tlsCertFile === '' ? 'http' : 'https'}://127.0.0.1:${port}`
}

/** The first that may do it, and sees all namespaces if there is one; else the first, and the collector says what it lacks. */
function pickKey(keys: readonly string[], scopes: readonly Scope[]): string | undefined {
  // Of some there is only the hash, which is no key.
  const lines = keys.map((text) => readKeyLine(text).line).filter(({ key }) => key !== undefined)
  const able = lines.filter((line) => scopes.every((scope) => line.scopes.has(scope)))
  return (able.find(({ namespaces }) => namespaces === undefined) ?? able[0] ?? lines[0])?.key
}

async function ask(request: {
  method: string
  url: string
  key: string | undefined
  body: string | undefined
  signal: AbortSignal
}): Promise<{ text: string; headers: Headers }> {
  const { method, url, key, body } = request
  const headers = {
    ...(key !== undefined && { Authorization: `Bearer ${key}` }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  }
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(answerMsMax)])
  const response = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) }).catch(
    (error: unknown) => {
      if (request.signal.aborted) throw error
      throw new Error(`No collector answers at ${url}: ${causeOf(error)}. Name it with --url.`, {
        cause: error,
      })
    },
  )
  const text = await response.text()
  if (!response.ok) throw new CollectorRefused(response.status, toSentences(response.status, text))
  return { text, headers: response.headers }
}

/** Fetch says no more than "fetch failed"; its cause knows. */
function causeOf(error: unknown): string {
  const cause = readPath(error, ['cause', 'message']) ?? readPath(error, ['message'])
  return typeof cause === 'string' && cause !== '' ? cause : 'connection refused'
}

/** A problem in words: its title, what to do, and what is wrong where. */
function toSentences(status: number, text: string): string {
  const problem = parse(text)
  if (!isJsonObject(problem)) return `The collector answered ${status}.`
  const { title, detail, errors } = problem
  const lines = [`${String(title)}. ${String(detail)}`]
  for (const error of Array.isArray(errors) ? errors : []) {
    if (isJsonObject(error)) lines.push(`  ${String(error['pointer'])} ${String(error['detail'])}`)
  }
  return lines.join('\n')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
