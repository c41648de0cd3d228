import type { JsonObject } from '../../../src/openlineage/events.ts'
import type { FacetLocation } from '../../../src/openlineage/facets.ts'

const producer = 'https://example.org/producer'

export const facetBase = { _producer: producer, _schemaURL: 'https://example.org/facet.json' }

const eventBase = {
  eventTime: '2026-01-31T08:00:00.123Z',
  producer,
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json',
}

const job = { namespace: 'airflow', name: 'dag.task' }
const runId = '0198c0de-0000-7000-8000-000000000001'

export function aRunEvent(overrides: JsonObject = {}): JsonObject {
  return { ...eventBase, eventType: 'START', run: { runId }, job, ...overrides }
}

export function aJobEvent(overrides: JsonObject = {}): JsonObject {
  return { ...eventBase, job, ...overrides }
}

export function aDatasetEvent(overrides: JsonObject = {}): JsonObject {
  return { ...eventBase, dataset: { namespace: 'file', name: '/data' }, ...overrides }
}

/** The pointer to the facets map of that place in `anEventWithFacet`. */
export const facetMapPointers: Readonly<Record<FacetLocation, string>> = {
  run: '#/run/facets',
  job: '#/job/facets',
  dataset: '#/outputs/0/facets',
  input: '#/inputs/0/inputFacets',
  output: '#/outputs/0/outputFacets',
}

/** A run event with one facet, good or bad, at the place that is asked for. */
export function anEventWithFacet(where: FacetLocation, key: string, facet: unknown): Record<string, unknown> {
  const facets = { [key]: facet }
  const dataset = { namespace: 'file', name: '/data' }
  const parts: Record<FacetLocation, Record<string, unknown>> = {
    run: { run: { runId, facets } },
    job: { job: { ...job, facets } },
    dataset: { outputs: [{ ...dataset, facets }] },
    input: { inputs: [{ ...dataset, inputFacets: facets }] },
    output: { outputs: [{ ...dataset, outputFacets: facets }] },
  }
  return { ...aRunEvent(), ...parts[where] }
}
