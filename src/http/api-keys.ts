import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { ConfigError } from '../config.ts'
import type { Access } from './access.ts'
import { readGrants, requireGrant, type KeyGrant, type PlacedLine } from './key-grants.ts'
import { repeat } from './repeat.ts'

export interface ApiKeys extends Access {
  close(): void
}

export interface KeySettings {
  /** Each a key's line. */
  keys: readonly string[]
  /** A file with further ones, one a line; empty where there is none. */
  file: string
}

export interface ApiKeysParts extends KeySettings {
  log: Pick<Logger, 'info' | 'warn'>
  rereadMs?: number
}

/**
 * The keys of this collector, and what each may do. Those of the file are read again while we run, so that a key can be replaced
 * without a restart; a file that cannot be read then, holds no key or has a mistake in it, leaves the last good ones in force.
 * @throws {ConfigError} as `readKeysAtStart`
 */
export function createApiKeys({ log, rereadMs = 1000, ...settings }: ApiKeysParts): ApiKeys {
  const { keys, file } = settings
  let { grants, text: lastText } = readKeysAtStart(settings)
  const require: Access['require'] = (authorization, scope) => requireGrant(grants, authorization, scope)
  if (file === '') return { require, close: () => {} }
  let lastTrouble = ''
  const reread = async () => {
    const { text, trouble, read } = await readLater(file, keys)
    // Once for each kind of trouble, not once a second.
    if (trouble !== '' && trouble !== lastTrouble) log.warn({ file, trouble }, 'api keys kept as they were')
    lastTrouble = trouble
    if (trouble !== '' || text === lastText) return
    lastText = text
    grants = read
    log.info({ file, keys: grants.length }, 'api keys read again')
  }
  return { require, close: repeat(reread, rereadMs) }
}

/**
 * @throws {ConfigError} where the file cannot be read, or holds no key, and for each mistake in what keys may do
 */
export function readKeysAtStart({ keys, file }: KeySettings): { grants: readonly KeyGrant[]; text: string } {
  const text = file === '' ? '' : readTextAtStart(file)
  const ofFile = toLines(text)
  if (file !== '' && ofFile.length === 0) {
    throw new ConfigError([`API_KEYS_FILE is ${file}, which holds no key.`])
  }
  const { grants, mistakes } = readGrants([...toPlaced(keys), ...ofFile])
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return { grants, text }
}

function toPlaced(keys: readonly string[]): PlacedLine[] {
  return keys.map((text, index) => ({ text, place: `API_KEYS, key ${index + 1}` }))
}

function toLines(text: string): PlacedLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => ({
      text: line
        .trim()
        .replace(/(^|\s)#.*$/, '')
        .trim(),
      place: `API_KEYS_FILE, line ${index + 1}`,
    }))
    .filter((line) => line.text !== '')
}

function readTextAtStart(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError([`API_KEYS_FILE is ${file}, which cannot be read: ${messageOf(cause)}.`])
  }
}

async function readLater(file: string, keys: readonly string[]) {
  try {
    const text = await readFile(file, 'utf8')
    const ofFile = toLines(text)
    const { grants, mistakes } = readGrants([...toPlaced(keys), ...ofFile])
    return { text, trouble: ofFile.length === 0 ? 'the file holds no key' : mistakes.join(' '), read: grants }
  } catch (error) {
    return { text: '', trouble: messageOf(error), read: [] }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
