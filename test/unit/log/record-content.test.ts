import { createHash } from 'node:crypto'
import { readRecord } from '../../../src/log/record-content.ts'

const event = '{"eventTime": "2026-11-22T10:00:00Z", "snapshot": 3821550127947089009}'
const none = { events: [], changes: [], troubles: [], renamed: 0 }

describe('readRecord', () => {
  it('takes an event as it is', () => {
    expect(readRecord(event)).toEqual({ ...none, events: [event] })
  })

  it('takes the exact text out of an envelope', () => {
    const text = `{\n  "eventTime": "2026-11-22T10:00:00Z"\n}\n`
    const id = createHash('sha256').update(text).digest('hex')

    expect(readRecord(JSON.stringify({ id, receivedAt: 'x', text }))).toEqual({ ...none, events: [text] })
  })

  it('counts an envelope whose text is not the one of its id', () => {
    expect(readRecord(JSON.stringify({ id: 'abc', text: event }))).toEqual({
      ...none,
      events: [event],
      renamed: 1,
    })
  })

  it('takes the events out of an answer of Marquez, digit by digit', () => {
    const answer = `{"totalCount": 2, "events": [${event} , ${event}]}`

    expect(readRecord(answer)).toEqual({ ...none, events: [event, event] })
  })

  it('takes the event out of a row of lineage_events, as JSON or as text', () => {
    expect(readRecord(`{"event_time":"2026-11-22 10:00:00","event": ${event},"run_uuid":null}`)).toEqual({
      ...none,
      events: [event],
    })
    expect(readRecord(JSON.stringify({ event_time: 'x', event }))).toEqual({ ...none, events: [event] })
  })

  it('takes the events of an array', () => {
    expect(readRecord(`[${event},7]`)).toEqual({ ...none, events: [event], troubles: ['is 7, not an event'] })
  })

  it('takes an event that has members of other names for an event', () => {
    const odd = '{"eventTime":"2026-11-22T10:00:00Z","events":[1],"text":"x","event":{}}'

    expect(readRecord(odd)).toEqual({ ...none, events: [odd] })
  })

  it('reads a change', () => {
    const change = { id: 'c1', at: '2026-11-22T10:00:00Z', kind: 'IDENTITY_RULES', payload: '{}', by: 'me' }

    expect(readRecord(JSON.stringify({ change }))).toEqual({
      ...none,
      changes: [{ ...change, at: '2026-11-22T10:00:00.000000000Z' }],
    })
  })

  it('says what is wrong with everything else', () => {
    expect(readRecord('{"a":').troubles[0]).toMatch(/^is not JSON: /)
    expect(readRecord('{"run":{}}').troubles).toEqual(['is no event: it has no eventTime'])
    expect(readRecord('"text"').troubles).toEqual(['is "text", not an event'])
    expect(readRecord('{"change":{"id":"c1"}}').troubles).toEqual([
      'is no change: it lacks id, at, kind or payload',
    ])
  })
})
