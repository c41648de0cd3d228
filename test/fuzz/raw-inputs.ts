import type { Input } from './inputs.ts'

const post = 'POST /api/v1/lineage HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
/** What comes out of hiding where a request is read as two. */
const hidden = 'POST /api/v1/lineage HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}'

/** Shapes that two servers read in two ways: whoever takes one may be taken in. */
const ambiguous: readonly string[] = [
  `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
  `${post}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}  ${hidden}`,
  `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
  `${post}Content-Length: 2, 2\r\n\r\n{}`,
  `${post}Content-Length: +2\r\n\r\n{}`,
  `${post}Content-Length: -2\r\n\r\n{}`,
  `${post}Content-Length: 0x2\r\n\r\n{}`,
  `${post}Content-Length: 2 2\r\n\r\n{}`,
  `${post}Content-Length: 99999999999999999999\r\n\r\n{}`,
  `${post}Content-Length : 2\r\n\r\n{}`,
  `${post} Content-Length: 2\r\n\r\n{}`,
  `${post}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}`,
  `${post}X: a\r\n\tContent-Length: 2\r\n\r\n{}`,
  `${post}Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding:\x0bchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n`,
  `${post}Transfer-Encoding: chunked\r\n\r\n2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  'POST /api/v1/lineage HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}',
  'POST /api/v1/lineage HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}'.replace(
    'Host: y',
    'Content-Length: 3',
  ),
  'POST /api/v1/lineage HTTP/1.1\nHost: x\nContent-Length: 2\n\n{}'.replaceAll('\n', '\r'),
  'POST /api/v1/lineage\r\n\r\n{}',
  'POST /api/v1/lineage HTTP/9.9\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
  'POST /api/v1/li\x00neage HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
  `${post}X-\x00: a\r\nContent-Length: 2\r\n\r\n{}`,
  `${post}X: a\x00b\r\nContent-Length: 2\r\n\r\n{}`,
  `${post}X: ${'a'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\n{}`,
  `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  '\x00'.repeat(2000),
  `POST ${'/a'.repeat(10_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
]

const now = (text: string, afterMs = 0) => ({ bytes: Buffer.from(text, 'latin1'), afterMs })

/** Not what HTTP says, but of one meaning. */
const odd: readonly string[] = [
  'POST  /api/v1/lineage HTTP/1.1\r\nHost: x\r\n\r\n',
  `${post}${'X: a\r\n'.repeat(5000)}Content-Length: 2\r\n\r\n{}`,
]

/** Bytes that no HTTP client sends. */
export function rawInputs(event: string): Input[] {
  const length = Buffer.byteLength(event)
  const body = Buffer.from(event).toString('latin1')
  const bytes = body.slice(0, 12).split('')
  return [
    ...ambiguous.map((text): Input => ({ kind: 'smuggling', pieces: [now(text)], isAmbiguous: true })),
    ...odd.map((text): Input => ({ kind: 'odd request', pieces: [now(text)] })),
    { kind: 'wrong length', pieces: [now(`${post}Content-Length: ${length + 10}\r\n\r\n${body}`)] },
    {
      kind: 'wrong length',
      pieces: [now(`${post}Content-Length: ${length + 10}\r\n\r\n${body}`)],
      staysOpen: true,
    },
    { kind: 'wrong length', pieces: [now(`${post}Content-Length: ${length - 10}\r\n\r\n${body}`)] },
    { kind: 'wrong length', pieces: [now(`${post}Content-Length: 0\r\n\r\n${body}`)] },
    { kind: 'wrong length', pieces: [now(`${post}\r\n${body}`)] },
    {
      kind: 'wrong length',
      pieces: [now(`${post}Transfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n${body}\r\n`)],
    },
    { kind: 'cut request', pieces: [now(post)] },
    { kind: 'cut request', pieces: [now(`${post}Content-Length: ${length}\r\n\r\n`)] },
    { kind: 'cut request', pieces: [now('POST /api')] },
    { kind: 'cut request', pieces: [] },
    { kind: 'many at once', pieces: [now(`${post}Content-Length: ${length}\r\n\r\n${body}`.repeat(20))] },
    {
      kind: 'slow body',
      pieces: [now(`${post}Content-Length: ${length}\r\n\r\n`), ...bytes.map((byte) => now(byte, 50))],
      staysOpen: true,
    },
    {
      kind: 'slow body',
      pieces: [
        now(`${post}Content-Length: ${length}\r\n\r\n`),
        now(body.slice(0, 50), 30),
        now(body.slice(50), 30),
      ],
    },
    {
      kind: 'slow body',
      pieces: [
        now(`${post}Transfer-Encoding: chunked\r\n\r\n`),
        ...bytes.map((byte) => now(`1\r\n${byte}\r\n`, 50)),
      ],
      staysOpen: true,
    },
    {
      kind: 'slow headers',
      pieces: post
        .slice(0, 20)
        .split('')
        .map((byte) => now(byte, 30)),
      staysOpen: true,
    },
    { kind: 'slow headers', pieces: [now(post)], staysOpen: true },
  ]
}
