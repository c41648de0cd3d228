import { connect } from 'node:net'

const headEnd = '\r\n\r\n'
const lastChunk = '0\r\n\r\n'
const reconnectsMax = 5
/** Of an answer that is no 201, so much is shown. */
const bodyShownBytes = 300

/**
 * A keep-alive connection that has one request in flight at a time. It knows as much of HTTP as an answer of ours needs: cheaper than a
 * client that knows it all, for the driver shares its processors with what it measures.
 */
export function openConnection({ port, onReady }) {
  let socket
  let inFlight
  let parts = []
  let reconnects = 0

  const settle = (answer) => {
    const { resolve } = inFlight
    inFlight = undefined
    parts = []
    resolve(answer)
  }
  const open = () => {
    socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.on('connect', onReady)
    socket.on('data', (data) => {
      if (inFlight === undefined) return
      parts.push(data)
      const answer = toAnswer(parts.length === 1 ? data : Buffer.concat(parts))
      if (answer !== undefined) settle(answer)
    })
    // What becomes of it is told with 'close'.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (inFlight !== undefined) settle({ status: 0, body: 'the connection was lost' })
      if (!socket.isEnded && reconnects < reconnectsMax) {
        reconnects += 1
        open()
      }
    })
  }
  open()
  return {
    /** Sends the bytes of a request, and gives the answer once it is whole. */
    send: (request) =>
      new Promise((resolve) => {
        inFlight = { resolve }
        if (socket.destroyed) settle({ status: 0, body: 'the connection could not be opened again' })
        else socket.write(request)
      }),
    close: () => {
      socket.isEnded = true
      socket.end()
    },
  }
}

/** The answer in these bytes, or undefined while it is not whole. */
export function toAnswer(bytes) {
  const headBytes = bytes.indexOf(headEnd)
  if (headBytes < 0) return undefined
  const head = bytes.latin1Slice(0, headBytes)
  const bodyAt = headBytes + headEnd.length
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  const isWhole =
    length === undefined
      ? bytes.latin1Slice(Math.max(bodyAt, bytes.length - lastChunk.length)) === lastChunk
      : bytes.length >= bodyAt + Number(length)
  if (!isWhole) return undefined
  const status = Number(head.slice(9, 12))
  return { status, body: status === 201 ? '' : bytes.subarray(bodyAt, bodyAt + bodyShownBytes).toString() }
}
