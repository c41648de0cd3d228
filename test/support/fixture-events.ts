import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { ReceivedEvent } from '../../src/project/project-event.ts'
import { createEventValidator } from '../../src/validate/validate-event.ts'

const folder = new URL('../fixtures/events/', import.meta.url)

/** The fixtures arrive at one fixed time, so that nothing that a test compares depends on the day it runs. */
const receivedAt = '2026-11-23T00:00:00.000Z'

/** The events that real producers sent, folder by folder, each folder in the order of arrival. */
export function readFixtureEvents(): ReceivedEvent[] {
  const validate = createEventValidator({ strict: false })
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .toSorted()
    .map((path) => {
      const text = readFileSync(new URL(path, folder), 'utf8')
      const verdict = validate(JSON.parse(text))
      if (!verdict.ok) throw new Error(`${path} is no event: ${JSON.stringify(verdict.problems)}`)
      const { event, brokenFacets } = verdict
      const id = createHash('sha256').update(text).digest('hex')
      return { id, receivedAt, event, payload: gzipSync(text), brokenFacets }
    })
}
