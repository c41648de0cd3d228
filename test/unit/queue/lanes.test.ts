import { readEvents } from '../../../src/queue/lanes.ts'
import { aQueuedEvent } from '../../support/queued-events.ts'

describe('readEvents', () => {
  it('gives the events of a job', () => {
    const events = [aQueuedEvent('a'), aQueuedEvent('b', { brokenFacets: ['/run/facets/parent'] })]

    expect(readEvents({ events })).toEqual(events)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['another object', {}],
    ['no list', { events: aQueuedEvent('a') }],
    ['an event without its payload', { events: [{ ...aQueuedEvent('a'), payload: undefined }] }],
    ['an event with odd pointers', { events: [{ ...aQueuedEvent('a'), brokenFacets: [1] }] }],
  ])('refuses %s', (_, data) => {
    expect(readEvents(data)).toBeUndefined()
  })
})
