import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../../scripts/audit.mjs', import.meta.url))

/** What a registry has said of a hole is kept there. */
const cache = mkdtempSync(join(tmpdir(), 'headwater-audit-'))

/** What a registry says of packages by name, as npm asks for it: POST /-/npm/v1/security/advisories/bulk. */
type Advisories = Record<string, object[]>

let advisories = 0

const anAdvisory = (severity: string) => ({
  id: (advisories += 1),
  url: 'https://example.com/advisory',
  title: 'It opens the door',
  severity,
  vulnerable_versions: '>=1.0.0',
  cwe: [],
  cvss: { score: 9, vectorString: null },
})

/** Runs the audit against a registry that answers so; one that answers nothing does not take advisories' requests at all. */
async function auditAgainst(known: Advisories | undefined): Promise<{ code: number; said: string }> {
  const server = createServer((request, response) => {
    request.resume()
    const isAsked = request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk'
    if (isAsked && known !== undefined) response.end(JSON.stringify(known))
    else response.writeHead(isAsked ? 405 : 404).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    return await audit(`http://127.0.0.1:${port}`)
  } finally {
    server.close()
  }
}

async function audit(registry: string): Promise<{ code: number; said: string }> {
  const env = { ...process.env, npm_config_registry: registry, npm_config_cache: cache }
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  return { code: child.exitCode ?? -1, said }
}

describe('npm run audit', () => {
  afterAll(() => rmSync(cache, { recursive: true, force: true }))

  it('is content with a registry that knows no hole', async () => {
    const { code, said } = await auditAgainst({})

    expect(said).toMatch(/^No known hole of high or critical severity in \d{3} dependencies\.\n$/)
    expect(code).toBe(0)
  })

  it('fails for a hole of high or critical severity, and names each', async () => {
    const { code, said } = await auditAgainst({
      express: [anAdvisory('high')],
      ajv: [anAdvisory('critical')],
    })

    expect(said).toContain('high: express')
    expect(said).toContain('critical: ajv')
    expect(said).toContain('It opens the door (https://example.com/advisory)')
    expect(code).toBe(1)
  })

  it('lets lower ones pass, and counts them', async () => {
    const { code, said } = await auditAgainst({ express: [anAdvisory('moderate')] })

    expect(said).toContain('No known hole of high or critical severity')
    expect(said).toContain('1 of lower severity')
    expect(code).toBe(0)
  })

  it('takes a registry that does not answer such questions for no answer', async () => {
    const { code, said } = await auditAgainst(undefined)

    expect(said).toMatch(/^Not possible here: 405 .*NOTHING was checked for known holes\.\n$/)
    expect(code).toBe(3)
  })

  it('takes no network for no answer', async () => {
    const { code, said } = await audit('http://127.0.0.1:9')

    expect(said).toMatch(/^Not possible here: .*ECONNREFUSED.*NOTHING was checked for known holes\.\n$/)
    expect(code).toBe(3)
  })
})
