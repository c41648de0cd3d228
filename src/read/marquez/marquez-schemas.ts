import type { JsonSchema } from '../../http/parameters.ts'

/*
 * The shapes of Marquez's answers. All members are there always: a value that is not known is null.
 */

const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }
const time = { type: ['string', 'null'], format: 'date-time' }
const id = { type: 'string', format: 'uuid' }
const idOrNull = { type: ['string', 'null'], format: 'uuid' }
const count = { type: 'integer', minimum: 0 }
const facets = { type: 'object' }
const tags = { type: 'array', items: text }
const hidden = { ...count, description: 'Neighbours that the key may not see, and that the walk left out.' }
const isCut = {
  type: 'boolean',
  description: 'Whether there is more: behind the depth, or beyond the limits of size.',
}

export const marquezSchemas: Readonly<Record<string, JsonSchema>> = {
  ...shape('MarquezName', { namespace: text, name: text }),
  ...shape('MarquezVersionName', { namespace: text, name: text, version: id }),
  ...shape('MarquezNamespace', {
    name: text,
    createdAt: time,
    updatedAt: time,
    ownerName: text,
    description: textOrNull,
    isHidden: { type: 'boolean' },
  }),
  ...shape('MarquezNamespaces', { namespaces: listOf('MarquezNamespace') }),
  ...shape('MarquezSource', {
    type: text,
    name: text,
    createdAt: time,
    updatedAt: time,
    connectionUrl: text,
    description: textOrNull,
  }),
  ...shape('MarquezSources', { sources: listOf('MarquezSource') }),
  ...shape('MarquezRun', {
    id: text,
    createdAt: time,
    updatedAt: time,
    nominalStartTime: time,
    nominalEndTime: time,
    state: { enum: ['NEW', 'RUNNING', 'COMPLETED', 'FAILED', 'ABORTED'] },
    startedAt: time,
    endedAt: time,
    durationMs: { type: ['integer', 'null'] },
    args: { type: 'object', additionalProperties: text },
    jobVersion: { oneOf: [ref('MarquezVersionName'), id, { type: 'null' }] },
    inputDatasetVersions: listOf('MarquezRunDataset'),
    outputDatasetVersions: listOf('MarquezRunDataset'),
    facets,
  }),
  ...shape('MarquezRunDataset', { datasetVersionId: ref('MarquezVersionName'), facets }),
  ...shape('MarquezRuns', { runs: listOf('MarquezRun'), totalCount: count }),
  ...shape('MarquezRunFacets', { runId: text, facets }),
  ...shape('MarquezJob', {
    ...jobMembers(),
    latestRuns: listOf('MarquezRun'),
    facets,
    currentVersion: idOrNull,
    labels: tags,
    tags,
  }),
  ...shape('MarquezJobs', { jobs: listOf('MarquezJob'), totalCount: count }),
  ...shape('MarquezJobVersion', {
    id: ref('MarquezVersionName'),
    name: text,
    createdAt: time,
    version: id,
    namespace: text,
    location: textOrNull,
    inputs: listOf('MarquezName'),
    outputs: listOf('MarquezName'),
    latestRun: { oneOf: [ref('MarquezRun'), { type: 'null' }] },
  }),
  ...shape('MarquezJobVersions', { versions: listOf('MarquezJobVersion'), totalCount: count }),
  ...shape('MarquezField', { name: text, type: textOrNull, tags, description: textOrNull }),
  ...shape('MarquezDataset', {
    ...datasetMembers(),
    currentVersion: idOrNull,
    columnLineage: listOf('MarquezColumn'),
    facets,
    deleted: { type: 'boolean' },
  }),
  ...shape('MarquezColumn', {
    name: text,
    inputFields: { type: 'array', items: { type: 'object', required: ['namespace', 'dataset', 'field'] } },
    transformationDescription: textOrNull,
    transformationType: textOrNull,
  }),
  ...shape('MarquezDatasets', { datasets: listOf('MarquezDataset'), totalCount: count }),
  ...shape('MarquezDatasetVersion', {
    id: ref('MarquezVersionName'),
    type: { enum: ['DB_TABLE', 'STREAM'] },
    name: text,
    physicalName: text,
    createdAt: time,
    version: id,
    namespace: text,
    sourceName: text,
    fields: listOf('MarquezField'),
    tags,
    lifecycleState: textOrNull,
    description: textOrNull,
    currentSchemaVersion: idOrNull,
    createdByRun: { oneOf: [ref('MarquezRun'), { type: 'null' }] },
    facets,
  }),
  ...shape('MarquezDatasetVersions', { versions: listOf('MarquezDatasetVersion'), totalCount: count }),
  ...shape('MarquezEdge', { origin: text, destination: text }),
  ...shape('MarquezDatasetData', datasetMembers()),
  ...shape('MarquezJobData', { ...jobMembers(), currentRunUuid: textOrNull }),
  ...shape('MarquezLineageNode', {
    id: text,
    type: { enum: ['DATASET', 'JOB'] },
    data: { oneOf: [ref('MarquezDatasetData'), ref('MarquezJobData')] },
    inEdges: listOf('MarquezEdge'),
    outEdges: listOf('MarquezEdge'),
  }),
  ...shape('MarquezLineage', { graph: listOf('MarquezLineageNode'), hidden, isCut }),
  ...shape('MarquezInputField', {
    namespace: text,
    dataset: text,
    datasetVersion: id,
    field: text,
    transformationDescription: textOrNull,
    transformationType: textOrNull,
  }),
  ...shape('MarquezColumnData', {
    namespace: text,
    dataset: text,
    datasetVersion: id,
    field: text,
    fieldType: text,
    transformationDescription: textOrNull,
    transformationType: textOrNull,
    inputFields: listOf('MarquezInputField'),
  }),
  ...shape('MarquezColumnNode', {
    id: text,
    type: { const: 'DATASET_FIELD' },
    data: ref('MarquezColumnData'),
    inEdges: listOf('MarquezEdge'),
    outEdges: listOf('MarquezEdge'),
  }),
  ...shape('MarquezColumnLineage', { graph: listOf('MarquezColumnNode'), hidden, isCut }),
  ...shape('MarquezRunInput', { namespace: text, name: text, version: id, producedByRunId: textOrNull }),
  ...shape('MarquezLineageRun', {
    job: {
      type: 'object',
      required: ['namespace', 'name', 'version'],
      properties: { namespace: text, name: text, version: idOrNull },
    },
    run: {
      type: 'object',
      required: ['id', 'start', 'end', 'status'],
      properties: { id: text, start: time, end: time, status: text },
    },
    inputs: listOf('MarquezRunInput'),
  }),
  ...shape('MarquezRunLineage', { runs: listOf('MarquezLineageRun'), hidden, isCut }),
  ...shape('MarquezEvents', { events: { type: 'array', items: { type: 'object' } }, totalCount: count }),
  ...shape('MarquezSearchResult', {
    type: { enum: ['JOB', 'DATASET'] },
    name: text,
    updatedAt: time,
    namespace: text,
    nodeId: text,
  }),
  ...shape('MarquezSearch', { totalCount: count, results: listOf('MarquezSearchResult') }),
  ...shape('MarquezTag', { name: text, description: textOrNull }),
  ...shape('MarquezTags', { tags: listOf('MarquezTag') }),
  MarquezTagBody: { type: 'object', properties: { description: textOrNull } },
  ...shape('MarquezInterval', { startInterval: text, endInterval: text, count }),
  MarquezStats: { type: 'array', items: ref('MarquezInterval') },
  ...shape('MarquezEventInterval', {
    startInterval: text,
    endInterval: text,
    fail: count,
    start: count,
    complete: count,
    abort: count,
  }),
  MarquezEventStats: { type: 'array', items: ref('MarquezEventInterval') },
}

function jobMembers(): Record<string, JsonSchema> {
  return {
    id: ref('MarquezName'),
    type: { enum: ['BATCH', 'STREAM', 'SERVICE'] },
    name: text,
    simpleName: text,
    parentJobName: textOrNull,
    parentJobUuid: idOrNull,
    createdAt: time,
    updatedAt: time,
    namespace: text,
    inputs: listOf('MarquezName'),
    outputs: listOf('MarquezName'),
    location: textOrNull,
    description: textOrNull,
    latestRun: { oneOf: [ref('MarquezRun'), { type: 'null' }] },
  }
}

function datasetMembers(): Record<string, JsonSchema> {
  return {
    id: ref('MarquezName'),
    type: { enum: ['DB_TABLE', 'STREAM'] },
    name: text,
    physicalName: text,
    createdAt: time,
    updatedAt: time,
    namespace: text,
    sourceName: text,
    fields: listOf('MarquezField'),
    tags,
    lastModifiedAt: time,
    lastLifecycleState: textOrNull,
    description: textOrNull,
  }
}

function shape(name: string, properties: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return {
    [name]: { type: 'object', required: Object.keys(properties), additionalProperties: false, properties },
  }
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

function listOf(name: string): JsonSchema {
  return { type: 'array', items: ref(name) }
}
