import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

const inflate = promisify(gunzip)

/** The text of an event out of the `payload` that the log keeps of it. */
export async function toEventText(payload: Int8Array): Promise<string> {
  const bytes = await inflate(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength))
  return bytes.toString('utf8')
}
