import express, { type Request, type Response } from 'express'
import { Problem } from '../../http/problem.ts'

/** More than any description is. */
const bytesMax = 64 * 1024

const parse = express.json({ limit: bytesMax, type: () => true, strict: false })

/**
 * A small body as JSON; undefined where there is none.
 * @throws {Problem} `body-not-json`, `body-too-large`
 */
export async function readSmallJson({
  request,
  response,
}: {
  request: Request
  response: Response
}): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      if (error === undefined || error === null) resolve()
      else reject(toProblem(error))
    })
  })
  const body: unknown = request.body
  return body
}

function toProblem(cause: unknown): Problem {
  const isTooLarge = typeof cause === 'object' && cause !== null && 'status' in cause && cause.status === 413
  return isTooLarge
    ? new Problem('body-too-large', { detail: `Send at most ${bytesMax} bytes.`, cause })
    : new Problem('body-not-json', { detail: 'Send a JSON object, such as {"description": "…"}.', cause })
}
