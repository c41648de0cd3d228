import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type PeerCertificate, type SecureVersion, TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { ConfigError } from '../../../src/config.ts'
import { setSecurityHeaders } from '../../../src/http/security-headers.ts'
import { startServer, type StartedServer } from '../../../src/http/server.ts'
import { toTlsFiles } from '../../../src/http/tls-files.ts'
import { createTestLog, send } from '../receive/receiver.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/tls/', import.meta.url))
const ca = readFileSync(join(fixtures, 'ca.pem'))
const host = '127.0.0.1'

let folder: string
let files: { certFile: string; keyFile: string }
let logged: string[]
let server: StartedServer | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headwater-tls-'))
  files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
  logged = []
  server = undefined
  use('first')
})
afterEach(async () => {
  await server?.close()
  rmSync(folder, { recursive: true })
})

function use(name: 'first' | 'second'): void {
  copyFileSync(join(fixtures, `${name}.pem`), files.certFile)
  copyFileSync(join(fixtures, `${name}.key`), files.keyFile)
}

async function start(): Promise<StartedServer> {
  const app = express()
  app.use(setSecurityHeaders())
  app.get('/', (_request, response) => void response.end('done'))
  const log = createTestLog(logged)
  server = await startServer({ app, host, port: 0, log, tls: files, rereadMs: 10, closeMsMax: 200 })
  return server
}

interface Got {
  text: string
  hsts: string | string[] | undefined
  certificate: PeerCertificate | undefined
}

function get(port: number, agent?: Agent): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest({ host, port, ca, agent: agent ?? false }, (response) => {
      const { socket } = response
      const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined
      const hsts = response.headers['strict-transport-security']
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ text, hsts, certificate }))
    })
    asked.on('error', reject).end()
  })
}

const nameAt = async (port: number, agent?: Agent) => (await get(port, agent)).certificate?.subject.CN

async function until(isSo: () => Promise<boolean> | boolean): Promise<boolean> {
  for (let waits = 0; waits < 300; waits += 1) {
    if (await isSo()) return true
    await sleep(10)
  }
  return false
}

describe('HTTP over TLS', () => {
  it('answers with the certificate of the files, and tells browsers to stay with it', async () => {
    const { port } = await start()

    const got = await get(port)

    expect(got).toMatchObject({ text: 'done', hsts: 'max-age=31536000' })
    expect(got.certificate?.subject.CN).toBe('first')
  })

  it('does not answer plain HTTP', async () => {
    const { port } = await start()

    await expect(send({ port, method: 'GET', path: '/' })).rejects.toThrow('socket hang up')
  })

  it.each<[SecureVersion, boolean]>([
    ['TLSv1', false],
    ['TLSv1.1', false],
    ['TLSv1.2', true],
    ['TLSv1.3', true],
  ])('takes a client of %s: %s', async (version, isTaken) => {
    const { port } = await start()

    const outcome = await new Promise<boolean>((resolve) => {
      // Without this level OpenSSL would itself refuse to offer the old ones.
      const ciphers = 'DEFAULT@SECLEVEL=0'
      const socket = connect({ host, port, ca, ciphers, minVersion: version, maxVersion: version }, () => {
        resolve(socket.getProtocol() === version)
        socket.destroy()
      })
      socket.on('error', () => resolve(false))
    })

    expect(outcome).toBe(isTaken)
  })

  it('takes a new certificate without a restart, and keeps the connections that are open', async () => {
    const { port } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await nameAt(port, agent)).toBe('first')

    use('second')

    expect(await until(async () => (await nameAt(port)) === 'second')).toBe(true)
    expect(await nameAt(port, agent)).toBe('first')
    agent.destroy()
    expect(logged.filter((line) => line.includes('tls certificate read again')).length).toBeGreaterThan(0)
  })

  it('keeps the certificate that it has while the files do not go together, and says so once', async () => {
    const { port } = await start()

    writeFileSync(files.certFile, readFileSync(join(fixtures, 'second.pem')))
    expect(await until(() => logged.some((line) => line.includes('kept as it was')))).toBe(true)
    await sleep(100)

    expect(await nameAt(port)).toBe('first')
    expect(logged.filter((line) => line.includes('kept as it was'))).toHaveLength(1)
    use('second')
    expect(await until(async () => (await nameAt(port)) === 'second')).toBe(true)
  })
})

describe('the settings of TLS', () => {
  it('come together or not at all', () => {
    expect(toTlsFiles({ tlsCertFile: '', tlsKeyFile: '' })).toBeUndefined()
    expect(toTlsFiles({ tlsCertFile: 'c', tlsKeyFile: 'k' })).toEqual({ certFile: 'c', keyFile: 'k' })
    expect(() => toTlsFiles({ tlsCertFile: 'c', tlsKeyFile: '' })).toThrow('TLS_KEY_FILE is not')
    expect(() => toTlsFiles({ tlsCertFile: '', tlsKeyFile: 'k' })).toThrow('TLS_CERT_FILE is not')
  })

  it('stop the start where a file is missing, or the two do not go together', async () => {
    rmSync(files.keyFile)
    await expect(start()).rejects.toThrow(`TLS_KEY_FILE is ${files.keyFile}, which cannot be read`)

    copyFileSync(join(fixtures, 'second.key'), files.keyFile)
    await expect(start()).rejects.toThrow(ConfigError)
    await expect(start()).rejects.toThrow('which cannot be used')
  })
})
