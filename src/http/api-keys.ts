import { hash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { seesAll, type Access } from './access.ts'
import { Problem } from './problem.ts'

export interface ApiKeys extends Access {
  /** @throws {Problem} `key-unknown`, unless the header brings one of the keys or there are none */
  check(authorization: string | undefined): void
  close(): void
}

export interface ApiKeysParts {
  keys: readonly string[]
  /** A file with further keys, one a line; empty where there is none. */
  file: string
  log: Pick<Logger, 'info' | 'warn'>
  rereadMs?: number
}

/**
 * The keys that may send. Those of the file are read again while we run, so that a key can be replaced without a restart;
 * a file that cannot be read then, or holds no key, leaves the last good ones in force.
 * @throws {Error} where the file cannot be read at the start, or holds no key
 */
export function createApiKeys({ keys, file, log, rereadMs = 1000 }: ApiKeysParts): ApiKeys {
  if (file === '') {
    const hashes = keys.map(toHash)
    return toApiKeys({ check: (authorization) => checkKey(authorization, hashes), close: () => {} })
  }
  let lastText = readAtStart(file)
  let hashes = [...keys, ...toKeys(lastText)].map(toHash)
  let lastTrouble = ''
  const reread = async () => {
    const { text, trouble } = await readLater(file)
    // Once for each kind of trouble, not once a second.
    if (trouble !== '' && trouble !== lastTrouble) log.warn({ file, trouble }, 'api keys kept as they were')
    lastTrouble = trouble
    if (trouble !== '' || text === lastText) return
    lastText = text
    hashes = [...keys, ...toKeys(text)].map(toHash)
    log.info({ file, keys: hashes.length }, 'api keys read again')
  }
  const stop = repeat(reread, rereadMs)
  return toApiKeys({ check: (authorization) => checkKey(authorization, hashes), close: stop })
}

/** Every key may do everything. */
function toApiKeys(keys: Pick<ApiKeys, 'check' | 'close'>): ApiKeys {
  return {
    ...keys,
    require: (authorization) => {
      keys.check(authorization)
      return seesAll
    },
  }
}

function checkKey(authorization: string | undefined, hashes: readonly Buffer[]): void {
  if (hashes.length === 0) return
  const key = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1]?.trim()
  if (key === undefined || !isOneOf(key, hashes)) {
    throw new Problem('key-unknown', {
      detail: 'Send Authorization: Bearer <key> with a key of this collector.',
    })
  }
}

/** In constant time: hashes are of one length, and all are compared, whichever matches. */
function isOneOf(key: string, hashes: readonly Buffer[]): boolean {
  // Node hands headers over as Latin-1, whatever the client meant; its bytes are the key's.
  const sent = toHash(Buffer.from(key, 'latin1'))
  return hashes.reduce((found, known) => timingSafeEqual(sent, known) || found, false)
}

function toHash(key: string | Buffer): Buffer {
  return hash('sha256', key, 'buffer')
}

function toKeys(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/(^|\s)#.*$/, '')
        .trim(),
    )
    .filter((key) => key !== '')
}

function readAtStart(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`API_KEYS_FILE is ${file}, which cannot be read: ${messageOf(cause)}.`, { cause })
  }
  if (toKeys(text).length === 0) throw new Error(`API_KEYS_FILE is ${file}, which holds no key.`)
  return text
}

async function readLater(file: string): Promise<{ text: string; trouble: string }> {
  try {
    const text = await readFile(file, 'utf8')
    return { text, trouble: toKeys(text).length === 0 ? 'the file holds no key' : '' }
  } catch (error) {
    return { text: '', trouble: messageOf(error) }
  }
}

/** Runs `work` again and again, `ms` after its last end, until the function it returns is called. */
function repeat(work: () => Promise<void>, ms: number): () => void {
  let closed = false
  let timer: NodeJS.Timeout
  const next = () => {
    timer = setTimeout(() => {
      void work().finally(() => {
        if (!closed) next()
      })
    }, ms).unref()
  }
  next()
  return () => {
    closed = true
    clearTimeout(timer)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
