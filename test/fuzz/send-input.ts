import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../unit/receive/receiver.ts'
import type { Input } from './inputs.ts'

export interface Outcome {
  /** Those of the answers, in their order. */
  statuses: number[]
  /** What was answered, as far as it says something of the receiver. */
  text: string
}

/** No answer after so long is a hang: the receiver's own limits are shorter. */
export const hangMs = 20_000

/** Does it, and resolves when the answer is whole or the connection is closed. */
export async function sendInput(port: number, input: Input): Promise<Outcome> {
  return input.pieces === undefined ? await sendRequest(port, input) : await sendBytes(port, input)
}

async function sendRequest(port: number, input: Input): Promise<Outcome> {
  const { method = 'POST', path = '/api/v1/lineage', headers = {}, body } = input
  const sending = { port, method, path, headers: { 'Content-Type': 'application/json', ...headers } }
  const answer = await Promise.race([send({ ...sending, ...(body !== undefined && { body }) }), hung(input)])
  return { statuses: [answer.status], text: answer.text }
}

async function sendBytes(port: number, input: Input): Promise<Outcome> {
  const { pieces = [], staysOpen = false } = input
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  const closed = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    // A connection that is reset is one way to say no.
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end())
    socket.on('close', () => resolve())
  })
  for (const { bytes, afterMs } of pieces) {
    if (afterMs > 0) await sleep(afterMs)
    if (socket.writable) socket.write(bytes)
  }
  if (!staysOpen) socket.end()
  await Promise.race([closed, hung(input)])
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  return { statuses, text }
}

async function hung({ kind }: Input): Promise<never> {
  await sleep(hangMs, undefined, { ref: false })
  throw new Error(`no answer to ${kind} within ${hangMs} ms`)
}
