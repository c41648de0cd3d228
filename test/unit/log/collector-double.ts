import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export interface SeenRequest {
  path: string
  key: string | undefined
  /** As it came over the wire. */
  body: string
}

/** An HTTP server that notes what it gets, and answers as the test says: collectors of every temper. */
export interface CollectorDouble {
  url: string
  seen: SeenRequest[]
  /** Called for each request; without an answer of its own it is 201. */
  answerWith(answer: (request: SeenRequest, response: ServerResponse) => void): void
  close(): Promise<void>
}

export async function startCollectorDouble(): Promise<CollectorDouble> {
  const seen: SeenRequest[] = []
  let answer = (_request: SeenRequest, response: ServerResponse): void => {
    response.writeHead(201).end('{}')
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request)
    const noted = { path: request.url ?? '', key: request.headers.authorization, body }
    seen.push(noted)
    answer(noted, response)
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    answerWith: (next) => (answer = next),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
