import type { ServerResponse } from 'node:http'
import { writeBody } from './write-body.ts'

/** Answers 200 with a value as JSON, which nobody shall keep: it is true now. */
export function writeJson(response: ServerResponse, value: unknown): void {
  writeJsonText(response, JSON.stringify(value))
}

/** The same for what is JSON already. */
export function writeJsonText(response: ServerResponse, body: string): void {
  writeBody(response, {
    status: 200,
    contentType: 'application/json',
    headers: { 'Cache-Control': 'no-store' },
    body,
  })
}
