import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { connectGraph } from '../../src/graph/connection.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { runCommand, startCommand, type CommandResult, type RunningCommand } from '../support/command.ts'
import { aRunEvent } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { silent } from '../support/graph.ts'
import { startTlsNeo4j, type TlsNeo4j } from '../support/tls-neo4j.ts'

const caFile = fileURLToPath(new URL('../fixtures/tls/ca.pem', import.meta.url))
const testMsMax = 300_000
const runId = randomUUID()
const text = JSON.stringify(aRunEvent({ run: { runId }, job: { namespace: 'tls', name: 'one' } }))

let neo4j: TlsNeo4j
let receiver: RunningCommand
let worker: RunningCommand
let url: string

function envOf(scheme: string, extra: Record<string, string> = {}): Record<string, string> {
  return {
    NEO4J_URI: `${scheme}://127.0.0.1:${neo4j.port}`,
    NEO4J_USER: neo4j.user,
    NEO4J_PASSWORD: neo4j.password,
    ...extra,
  }
}

/** Reads the log of events out of the graph. */
async function exportBy(scheme: string, extra: Record<string, string> = {}): Promise<CommandResult> {
  return await runCommand(['export'], envOf(scheme, extra))
}

beforeAll(async () => {
  neo4j = await startTlsNeo4j()
  const port = await findFreePort()
  url = `http://127.0.0.1:${port}`
  const extra = { NODE_EXTRA_CA_CERTS: caFile, QUEUE_PREFIX: `test-${randomUUID()}`, PORT: String(port) }
  receiver = startCommand(['serve'], envOf('neo4j+s', extra))
  worker = startCommand(['work'], envOf('bolt+s', extra))
  const isUp = async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok === true
  await eventually(isUp, { withinMs: testMsMax })
}, testMsMax)

afterAll(async () => {
  for (const { process: child } of [receiver, worker]) child.kill('SIGTERM')
  await Promise.all([receiver.ended, worker.ended])
  await neo4j.remove()
}, testMsMax)

describe('a Neo4j that takes TLS alone', () => {
  it(
    'is merged into by bolt+s:// and asked by neo4j+s://, with a CA of one’s own',
    async () => {
      const headers = { 'Content-Type': 'application/json' }
      const sent = await fetch(`${url}/api/v1/lineage`, { method: 'POST', headers, body: text })
      const ask = async () => await fetch(`${url}/api/v2/namespaces`)
      const isMerged = async () => (await (await ask()).text()).includes('"tls"')
      await eventually(isMerged, { withinMs: testMsMax })

      expect(sent.status).toBe(201)
      expect((await ask()).status).toBe(200)
    },
    testMsMax,
  )

  it.each(['bolt+s', 'neo4j+s'])(
    'is read with that CA by %s://',
    async (scheme) => {
      const { code, stdout } = await exportBy(scheme, { NODE_EXTRA_CA_CERTS: caFile })

      expect(code).toBe(0)
      expect(stdout).toContain(runId)
    },
    testMsMax,
  )

  it.each(['bolt+ssc', 'neo4j+ssc'])(
    'is read by %s://, whoever vouches for its certificate',
    async (scheme) => {
      const { code, stdout } = await exportBy(scheme)

      expect(code).toBe(0)
      expect(stdout).toContain(runId)
    },
    testMsMax,
  )

  it.each([
    ['bolt', 'a client that speaks plain Bolt'],
    ['bolt+s', 'a client that does not know the CA'],
  ])(
    'is not read by %s://: %s',
    async (scheme) => {
      const { port, user, password } = neo4j
      const settings = { uri: `${scheme}://127.0.0.1:${port}`, user, password, database: 'neo4j' }
      const graph = connectGraph(settings, silent)

      const trouble = await graph.verify().then(() => '', String)
      await graph.close()

      expect(trouble).not.toBe('')
      expect(trouble).not.toContain(password)
    },
    testMsMax,
  )
})
