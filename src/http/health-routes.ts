import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import { withDeadline } from './deadline.ts'
import { writeBody } from './write-body.ts'

const checkMsMax = 1000

/** What must answer before events can be taken, by name: `{ redis: () => queue.isReady() }`. */
export type Dependencies = Readonly<Record<string, () => Promise<boolean>>>

/** GET /health/live: the process runs and its event loop turns. */
export function answerLive(): RequestHandler {
  return (_request, response) => {
    writeHealth(response, 200, { status: 'live' })
  }
}

/** GET /health/ready: 200 when every dependency answers, else 503; the body names each. */
export function answerReady(dependencies: Dependencies): RequestHandler {
  return async (_request, response) => {
    const states = await Promise.all(
      Object.entries(dependencies).map(async ([name, check]) => [name, await isUp(check)] as const),
    )
    const ready = states.every(([, up]) => up)
    writeHealth(response, ready ? 200 : 503, {
      status: ready ? 'ready' : 'not ready',
      dependencies: Object.fromEntries(states.map(([name, up]) => [name, up ? 'up' : 'down'])),
    })
  }
}

async function isUp(check: () => Promise<boolean>): Promise<boolean> {
  try {
    return await withDeadline(check(), { ms: checkMsMax, late: () => new Error('no answer in time') })
  } catch {
    return false
  }
}

function writeHealth(response: ServerResponse, status: number, health: object): void {
  writeBody(response, {
    status,
    contentType: 'application/json',
    headers: { 'Cache-Control': 'no-store' },
    body: JSON.stringify(health),
  })
}
