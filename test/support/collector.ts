import { randomUUID } from 'node:crypto'
import { readConfig } from '../../src/config.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { findFreePort } from '../../src/local/ports.ts'
import { connectDeadLetters, type DeadLetters } from '../../src/queue/dead-letters.ts'
import { startReceiver } from '../../src/roles/serve.ts'
import { startWorker } from '../../src/roles/work.ts'
import { connectTestGraph, silent } from './graph.ts'

export interface Collector {
  url: string
  graph: Graph
  deadLetters: DeadLetters
  /** Posts an event as it is; gives the status and the parsed body of the answer. */
  post(text: string): Promise<Answer>
  /** Posts an array of events as it is. */
  postBatch(text: string): Promise<Answer>
  /** Any other request: `ask('GET', '/api/v2/dead-letters')`. */
  ask(method: string, path: string, text?: string): Promise<Answer>
  /** Waits until all these events are in the graph. */
  merged(ids: readonly string[]): Promise<void>
  close(): Promise<void>
}

export interface Answer {
  status: number
  body: Record<string, unknown>
}

const mergedMsMax = 120_000

const countEvents = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  RETURN count(DISTINCT e) AS found
`

/** A receiver and a worker of their own, on the Redis and Neo4j that `npm test` has started. */
export async function startCollector(env: Record<string, string> = {}): Promise<Collector> {
  const port = await findFreePort()
  const config = readConfig({
    ...process.env,
    QUEUE_PREFIX: `test-${randomUUID()}`,
    PORT: String(port),
    ...env,
  })
  const graph = connectTestGraph()
  const worker = await startWorker(config, silent)
  const receiver = await startReceiver(config, silent)
  const deadLetters = await connectDeadLetters({
    redisUrl: config.redisUrl,
    prefix: config.queuePrefix,
    log: silent,
  })
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    graph,
    deadLetters,
    post: (text) => ask(url, 'POST', '/api/v1/lineage', text),
    postBatch: (text) => ask(url, 'POST', '/api/v1/lineage/batch', text),
    ask: (method, path, text) => ask(url, method, path, text),
    merged: (ids) => waitForEvents(graph, [...new Set(ids)]),
    close: async () => {
      await receiver.close()
      await worker.close()
      deadLetters.close()
      await graph.close()
    },
  }
}

async function ask(url: string, method: string, path: string, text?: string): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    ...(text !== undefined && { headers: { 'content-type': 'application/json' }, body: text }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function waitForEvents(graph: Graph, ids: readonly string[]): Promise<void> {
  const deadline = Date.now() + mergedMsMax
  for (let found = -1; found !== ids.length;) {
    const [row] = await graph.inRead((tx) => tx.run(countEvents, { ids }))
    found = Number(row?.['found'])
    if (found === ids.length) return
    if (Date.now() > deadline)
      throw new Error(`${found} of ${ids.length} events are in the graph after ${mergedMsMax} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
