import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { emptyFacts } from '../../../src/project/facts.ts'
import { projectEvent } from '../../../src/project/project-event.ts'
import { openEvents } from '../../../src/roles/open-event.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import { standardFacets } from '../../../src/openlineage/facets.ts'
import { eventsWithFacet } from '../../support/facet-events.ts'
import { facetInstances } from '../validate/facet-instances.ts'
import { send, startReceiver } from './receiver.ts'

/** Whoever asks it for a schema is counted. */
let server: Server
let asked: string[]

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await once(server, 'close')
})

describe('the URLs in an event', () => {
  it('are never fetched: not _schemaURL, nor schemaURL, nor any other', async () => {
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}/schema.json`
    const receiver = await startReceiver({ validate: createEventValidator({ strict: false }) })
    const facets = standardFacets.flatMap(({ where, key }) =>
      eventsWithFacet(where, key, {
        ...facetInstances.get(`${where}/${key}`),
        _producer: url,
        _schemaURL: url,
      }),
    )
    const custom = eventsWithFacet('run', 'custom', {
      _producer: url,
      _schemaURL: url,
      $schema: url,
      $ref: url,
      url,
    })
    const events = [...facets, ...custom].map((event) => ({ ...event, producer: url, schemaURL: url }))

    const answer = await send({
      port: receiver.port,
      path: '/api/v1/lineage/batch',
      body: JSON.stringify(events),
    })
    for (const opened of openEvents(receiver.queued, { eventAheadHoursMax: undefined })) {
      projectEvent(emptyFacts(), opened, { facetBytesMax: 1024 * 1024 })
    }
    await sleep(50)
    await receiver.close()

    expect(JSON.parse(answer.text)).toMatchObject({ status: 'success' })
    expect(receiver.queued).toHaveLength(events.length)
    expect(events.length).toBeGreaterThan(80)
    expect(asked).toEqual([])
  })
})
