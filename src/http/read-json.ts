import type { IncomingMessage } from 'node:http'
import { RequestAbandoned } from './error-handler.ts'
import { Problem } from './problem.ts'

/**
 * Reads a small body that is JSON.
 * @throws {Problem} `media-type-unsupported`, `body-too-large`, `body-not-json`
 */
export async function readJson(
  request: IncomingMessage,
  { bytesMax }: { bytesMax: number },
): Promise<unknown> {
  const { 'content-type': type = 'application/json', 'content-encoding': coding = 'identity' } =
    request.headers
  if (!/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type))
    throw new Problem('media-type-unsupported', { detail: 'Send Content-Type: application/json.' })
  if (coding !== 'identity') throw new Problem('encoding-unsupported', { detail: 'Send the body as it is.' })
  const text = await readText(request, bytesMax)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('body-not-json', { detail: 'Send a JSON object.', cause })
  }
}

async function readText(request: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue
      bytes += chunk.length
      if (bytes > bytesMax) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw request.destroyed ? new RequestAbandoned('the request broke off', { cause }) : cause
  }
  if (bytes > bytesMax)
    throw new Problem('body-too-large', { detail: `A body may have ${bytesMax} bytes here.` })
  return Buffer.concat(chunks).toString('utf8')
}
