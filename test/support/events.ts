import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { DatasetEvent, Facets, JobEvent, LineageEvent, RunEvent } from '../../src/openlineage/events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'

const producer = 'https://example.com/producer'
const runId = '01a2043f-874b-7c7f-8370-8edc845368d3'

export function aRunEvent(said: Partial<RunEvent> = {}): RunEvent {
  return {
    eventTime: '2026-11-22T10:00:00Z',
    eventType: 'START',
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId },
    job: { namespace: 'jobs', name: 'load' },
    ...said,
  }
}

export function aJobEvent(said: Partial<JobEvent> = {}): JobEvent {
  return {
    eventTime: '2026-11-22T10:00:00Z',
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent',
    job: { namespace: 'jobs', name: 'load' },
    ...said,
  }
}

export function aDatasetEvent(said: Partial<DatasetEvent> = {}): DatasetEvent {
  return {
    eventTime: '2026-11-22T10:00:00Z',
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent',
    dataset: { namespace: 'db', name: 'orders' },
    ...said,
  }
}

/** A facet as its key wants it, with the base that every facet has. */
export function aFacet(content: Facets): Facets {
  return { _producer: producer, _schemaURL: 'https://example.com/Facet.json', ...content }
}

export function aSchema(...names: string[]): Facets {
  return { schema: aFacet({ fields: names.map((name) => ({ name, type: 'string' })) }) }
}

/** The event as the worker gets it, its id made from its text as the receiver does. */
export function received(event: LineageEvent, noted: Partial<ReceivedEvent> = {}): ReceivedEvent {
  return toReceived(JSON.stringify(event), event, noted)
}

const fixturesUrl = new URL('../fixtures/events/', import.meta.url)

/** All events of the fixtures, in the order in which they arrived; of one producer or one of its folders only, where named. */
export function fixtureEvents(...only: string[]): ReceivedEvent[] {
  return readdirSync(fixturesUrl, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.json') && (only.length === 0 || only.some((prefix) => path.startsWith(prefix))),
    )
    .toSorted()
    .map((path) => {
      const text = readFileSync(new URL(path, fixturesUrl), 'utf8')
      return toReceived(text, JSON.parse(text) as LineageEvent, {})
    })
}

const governanceUrl = new URL('../fixtures/governance/', import.meta.url)

/** Events that tag, own and test what the fixtures' events made, in their order. */
export function governanceEvents(): ReceivedEvent[] {
  return readdirSync(governanceUrl)
    .toSorted()
    .map((path) => {
      const text = readFileSync(new URL(path, governanceUrl), 'utf8')
      return toReceived(text, JSON.parse(text) as LineageEvent, {})
    })
}

/** The text of the fixtures' events. */
export function fixtureTexts(...only: string[]): string[] {
  return readdirSync(fixturesUrl, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.json') && (only.length === 0 || only.some((prefix) => path.startsWith(prefix))),
    )
    .toSorted()
    .map((path) => readFileSync(new URL(path, fixturesUrl), 'utf8'))
}

function toReceived(text: string, event: LineageEvent, noted: Partial<ReceivedEvent>): ReceivedEvent {
  return {
    id: createHash('sha256').update(text).digest('hex'),
    receivedAt: '2026-11-23T00:00:00.000Z',
    event,
    payload: gzipSync(text),
    brokenFacets: [],
    warnings: [],
    ...noted,
  }
}
