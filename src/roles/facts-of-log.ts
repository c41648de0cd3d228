import { gunzipSync } from 'node:zlib'
import type { LoggedEvent } from '../log/logged-event.ts'
import { emptyFacts, type Facts } from '../project/facts.ts'
import { projectEvent } from '../project/project-event.ts'
import { createContentMemos } from '../project/saying.ts'
import type { EventValidator } from '../validate/validate-event.ts'
import { openEvents } from './open-event.ts'

/** What events of the log say together, as a worker reads them; and which of them cannot be read any more. */
export function createFactsOfLog({
  facetBytesMax,
  validate,
}: {
  facetBytesMax: number
  /** A facet that breaks its schema is not interpreted now either. */
  validate: EventValidator
}): (events: readonly LoggedEvent[]) => { facts: Facts; unreadable: string[] } {
  const memos = createContentMemos()
  return (events) => {
    const facts = emptyFacts()
    const unreadable: string[] = []
    for (const event of events) {
      try {
        addEvent(event)
      } catch {
        unreadable.push(event.id)
      }
    }
    // The log alone has them, and is what they are taken out of.
    facts.events.clear()
    return { facts, unreadable }

    function addEvent({ id, receivedAt, payload, warnings }: LoggedEvent): void {
      const verdict = validate(JSON.parse(gunzipSync(payload).toString('utf8')))
      if (!verdict.ok) throw new TypeError('the event does not match its schema any more')
      const { brokenFacets } = verdict
      const queued = {
        id,
        receivedAt,
        requestId: 'retention',
        payload: payload.toString('base64'),
        bytes: payload.length,
        brokenFacets,
        warnings,
      }
      for (const opened of openEvents([queued], { eventAheadHoursMax: undefined }))
        projectEvent(facts, opened, { facetBytesMax, memos })
    }
  }
}
