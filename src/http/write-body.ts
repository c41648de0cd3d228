import type { ServerResponse } from 'node:http'

export interface WrittenBody {
  status: number
  contentType: string
  headers?: Readonly<Record<string, string>>
  body: string
}

/** Writes a whole answer. As a string it leaves together with its head, in one write: a Buffer would need two. */
export function writeBody(
  response: ServerResponse,
  { status, contentType, headers = {}, body }: WrittenBody,
): void {
  response.writeHead(status, {
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
