import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text as readBody } from 'node:stream/consumers'
import { addReadCommands } from '../../../../src/commands/read/add-read-commands.ts'
import { runCommand, type CommandRun } from '../run-command.ts'

export interface FakeCollector {
  /** What was asked: method, path with query, and body, in order. */
  asked: string[]
  /** What is answered at a path; 404 elsewhere. */
  answers: Map<string, unknown>
  /** What stands in the head of every answer. */
  headers: Record<string, string>
  /** Runs a command against it, as in a pipe, or on a terminal of so many columns. */
  run(args: readonly string[], terminal?: { columns?: number; env?: NodeJS.ProcessEnv }): Promise<CommandRun>
  close(): Promise<void>
}

const unknownProblem = {
  type: '/problems/node-unknown',
  title: 'The graph does not have it',
  detail: 'Look again.',
}

/** A collector whose answers are given: its door is real HTTP. */
export async function startFakeCollector(): Promise<FakeCollector> {
  const asked: string[] = []
  const answers = new Map<string, unknown>()
  const headers: Record<string, string> = {}
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request
    asked.push([method, url, await readBody(request)].join(' ').trim())
    const known = answers.get(url.split('?')[0] ?? '')
    response.writeHead(known === undefined ? 404 : 200, { 'Content-Type': 'application/json', ...headers })
    response.end(typeof known === 'string' ? known : JSON.stringify(known ?? unknownProblem))
  }
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const env = { OPENLINEAGE_URL: `http://127.0.0.1:${portOf(server)}` }
  return {
    asked,
    answers,
    headers,
    run: async (args, { columns, env: more } = {}) =>
      await runCommand(addReadCommands, args, { ...env, ...more }, columns === undefined ? {} : { columns }),
    close: async () => {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
