import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls'
import type { Logger } from 'pino'
import { ConfigError } from '../config.ts'
import { repeat } from './repeat.ts'

/** Where a certificate and its key are, in PEM. */
export interface TlsFiles {
  certFile: string
  keyFile: string
}

export interface TlsPair {
  cert: string
  key: string
}

/** Older ones are broken; 1.3 alone would shut out Java 8. */
const minVersion = 'TLSv1.2'
const rereadMsDefault = 1000

/**
 * The files of the settings; undefined where there are none, and HTTP is plain.
 * @throws {ConfigError} where one of the two is missing
 */
export function toTlsFiles(config: { tlsCertFile: string; tlsKeyFile: string }): TlsFiles | undefined {
  const { tlsCertFile: certFile, tlsKeyFile: keyFile } = config
  if (certFile === '' && keyFile === '') return undefined
  if (certFile !== '' && keyFile !== '') return { certFile, keyFile }
  const [there, missing] =
    certFile === '' ? ['TLS_KEY_FILE', 'TLS_CERT_FILE'] : ['TLS_CERT_FILE', 'TLS_KEY_FILE']
  throw new ConfigError([`${there} is set and ${missing} is not: TLS needs a certificate and its key.`])
}

/** @throws {ConfigError} where a file cannot be read, or the two do not make a certificate with its key */
export function readTlsAtStart({ certFile, keyFile }: TlsFiles): TlsPair {
  const pair = { cert: readAtStart('TLS_CERT_FILE', certFile), key: readAtStart('TLS_KEY_FILE', keyFile) }
  try {
    createSecureContext(toContextOptions(pair))
  } catch (cause) {
    throw new ConfigError([
      `TLS_CERT_FILE is ${certFile} and TLS_KEY_FILE is ${keyFile}, which cannot be used: ${messageOf(cause)}.`,
    ])
  }
  return pair
}

export function toContextOptions({ cert, key }: TlsPair): SecureContextOptions {
  return { cert, key, minVersion }
}

/**
 * Gives a server the certificate that the files have whenever that changes. Connections that are open stay. What cannot be used leaves
 * the last good one in force: the two files are never written at once.
 */
export function keepTlsFresh(
  server: Pick<Server, 'setSecureContext'>,
  parts: { files: TlsFiles; first: TlsPair; log: Pick<Logger, 'info' | 'warn'>; rereadMs?: number },
): () => void {
  const { files, log, rereadMs = rereadMsDefault } = parts
  let inForce = parts.first
  let lastTrouble = ''
  return repeat(async () => {
    try {
      const [cert, key] = await Promise.all([
        readFile(files.certFile, 'utf8'),
        readFile(files.keyFile, 'utf8'),
      ])
      if (cert !== inForce.cert || key !== inForce.key) {
        server.setSecureContext(toContextOptions({ cert, key }))
        inForce = { cert, key }
        log.info({ file: files.certFile }, 'tls certificate read again')
      }
      lastTrouble = ''
    } catch (error) {
      const trouble = messageOf(error)
      // Once for each kind of trouble, not once a second.
      if (trouble !== lastTrouble)
        log.warn({ file: files.certFile, trouble }, 'tls certificate kept as it was')
      lastTrouble = trouble
    }
  }, rereadMs)
}

function readAtStart(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigError([`${setting} is ${file}, which cannot be read: ${messageOf(cause)}.`])
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
