import { hash } from 'node:crypto'
import { isJsonObject } from '../openlineage/json-object.ts'
import { toInstant } from '../openlineage/time.ts'
import { messageOf } from './error-code.ts'
import { elementTexts, memberText } from './json-text.ts'
import type { LoggedChange } from './logged-event.ts'

/** What one record of an input holds. */
export interface RecordContent {
  /** The texts of events, to be sent as they are. */
  events: string[]
  changes: LoggedChange[]
  /** What is no event, a sentence each. */
  troubles: string[]
  /** Events that will have another id than their envelope says. */
  renamed: number
}

/**
 * Finds the events of a record: an event itself, one in our envelope, an answer of Marquez's events endpoint, a row of its
 * `lineage_events`, or an array of these. Their texts are cut out, never written anew, so that long numbers survive.
 */
export function readRecord(text: string): RecordContent {
  const content: RecordContent = { events: [], changes: [], troubles: [], renamed: 0 }
  addContent(content, text)
  return content
}

function addContent(content: RecordContent, text: string): void {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    content.troubles.push(`is not JSON: ${messageOf(error)}`)
    return
  }
  if (Array.isArray(value)) {
    for (const element of elementTexts(text)) addContent(content, element)
  } else if (isJsonObject(value)) {
    addObject(content, value, text)
  } else {
    content.troubles.push(`is ${JSON.stringify(value).slice(0, 40)}, not an event`)
  }
}

function addObject(content: RecordContent, value: Record<string, unknown>, text: string): void {
  const { id, text: enveloped, event, events, change } = value
  // An event may have members that we do not know: whatever has a time is one.
  if ('eventTime' in value) {
    content.events.push(text)
  } else if (typeof enveloped === 'string') {
    content.events.push(enveloped)
    if (typeof id === 'string' && id !== hash('sha256', enveloped, 'hex')) content.renamed += 1
  } else if (isJsonObject(change)) {
    addChange(content, change)
  } else if (Array.isArray(events)) {
    for (const element of elementTexts(memberText(text, 'events') ?? '[]')) addContent(content, element)
  } else if (isJsonObject(event)) {
    addContent(content, memberText(text, 'event') ?? '')
  } else if (typeof event === 'string') {
    addContent(content, event)
  } else {
    content.troubles.push('is no event: it has no eventTime')
  }
}

function addChange(content: RecordContent, { id, at, kind, payload, by }: Record<string, unknown>): void {
  const instant = typeof at === 'string' ? toInstant(at) : undefined
  if (
    typeof id !== 'string' ||
    typeof kind !== 'string' ||
    typeof payload !== 'string' ||
    instant === undefined
  ) {
    content.troubles.push('is no change: it lacks id, at, kind or payload')
    return
  }
  content.changes.push({ id, at: instant, kind, payload, by: typeof by === 'string' ? by : undefined })
}
