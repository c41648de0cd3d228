import neo4j from 'neo4j-driver'
import { toInterpretedProperties } from '../../../src/merge/interpreted-properties.ts'
import { toDateTime } from '../../../src/graph/values.ts'
import type { FacetRegister } from '../../../src/project/facet-registers.ts'
import { facetInstances } from '../validate/facet-instances.ts'

type Kind = 'run' | 'job' | 'dataset' | 'read' | 'write'

const measured = {
  measuredRowCount: 10,
  measuredByteCount: 2048,
  measuredFileCount: 1,
  dataUpdatedAt: toDateTime('2026-01-31T08:00:00.000000000Z'),
}
const counted = { rowCount: 10, byteCount: 2048, fileCount: 1 }
const described = { description: 'Orders, a row each', descriptionType: 'text/markdown' }
const runId = '0198c0de-0000-7000-8000-000000000001'

/** What each facet of the standard comes to, where all that it may say is said. */
const expected: [Kind, string, string, Record<string, unknown>][] = [
  [
    'run',
    'run',
    'nominalTime',
    {
      nominalStartAt: toDateTime('2026-01-31T08:00:00.000000000Z'),
      nominalEndAt: toDateTime('2026-01-31T08:00:00.500000000Z'),
    },
  ],
  [
    'run',
    'run',
    'processing_engine',
    { engine: 'some name', engineVersion: 'some version', adapterVersion: 'some openlineageAdapterVersion' },
  ],
  [
    'run',
    'run',
    'externalQuery',
    { externalQueryId: 'some externalQueryId', externalQuerySource: 'some source' },
  ],
  [
    'run',
    'run',
    'extractionError',
    { lineageIncomplete: true, totalTasks: 2, failedTasks: 1, extractionErrors: ['no such table'] },
  ],
  ['run', 'run', 'executionParameters', { parameters: ['some key=some value'] }],
  [
    'run',
    'run',
    'jobDependencies',
    { upstreamRunIds: [runId], downstreamRunIds: [runId], triggerRule: 'all_success' },
  ],
  ['run', 'run', 'gcp_composer_run', { composerDagRunId: 'manual__1' }],
  [
    'run',
    'run',
    'gcp_dataproc',
    {
      dataprocProject: 'some projectId',
      dataprocCluster: 'some clusterName',
      dataprocJobId: 'some jobId',
      dataprocBatchId: 'some batchId',
      dataprocAppId: 'some appId',
    },
  ],
  ['job', 'job', 'documentation', described],
  ['job', 'job', 'sql', { sql: 'some query', sqlDialect: 'some dialect' }],
  ['job', 'job', 'sourceCode', { sourceLanguage: 'some language' }],
  [
    'job',
    'job',
    'sourceCodeLocation',
    {
      sourceLocation: 'https://example.org/repo',
      sourceType: 'some type',
      sourceRepo: 'some repoUrl',
      sourcePath: 'some path',
      sourceVersion: 'some version',
      sourceTag: 'some tag',
      sourceBranch: 'some branch',
      sourcePullRequest: 'some pullRequestNumber',
    },
  ],
  [
    'job',
    'job',
    'jobType',
    {
      integration: 'some integration',
      processingType: 'some processingType',
      jobType: 'some jobType',
      eventTrigger: 'PERIODIC',
      eventContentMode: 'COMPLETE_SNAPSHOT',
      windowSeconds: 60,
    },
  ],
  ['job', 'job', 'gcp_composer_job', { composerEnvironment: 'some environmentName' }],
  ['job', 'job', 'gcp_lineage', { displayName: 'Orders' }],
  ['dataset', 'dataset', 'documentation', described],
  [
    'dataset',
    'dataset',
    'dataSource',
    { dataSource: 'warehouse', dataSourceUri: 'postgres://warehouse:5432' },
  ],
  ['dataset', 'dataset', 'version', { version: '3821550127947089009' }],
  ['dataset', 'dataset', 'storage', { storage: 'some storageLayer', format: 'some fileFormat' }],
  [
    'dataset',
    'dataset',
    'catalog',
    {
      catalog: 'some name',
      catalogType: 'some type',
      catalogFramework: 'some framework',
      catalogUri: 'some metadataUri',
      warehouseUri: 'some warehouseUri',
    },
  ],
  [
    'dataset',
    'dataset',
    'hierarchy',
    { hierarchy: ['some name', 'some name'], hierarchyTypes: ['some type', 'some type'] },
  ],
  ['dataset', 'dataset', 'datasetType', { type: 'some datasetType', subType: 'some subType' }],
  ['dataset', 'dataset', 'dataQualityMetrics', measured],
  ['read', 'input', 'dataQualityMetrics', measured],
  ['read', 'input', 'inputStatistics', counted],
  [
    'read',
    'input',
    'icebergScanReport',
    { filter: 'true', columnsRead: ['id'], scannedFileCount: 1, scannedByteCount: 7 },
  ],
  ['write', 'output', 'outputStatistics', counted],
  [
    'write',
    'output',
    'icebergCommitReport',
    {
      commitOperation: 'append',
      addedRowCount: 14,
      removedRowCount: 15,
      addedFileCount: 2,
      removedFileCount: 3,
      addedByteCount: 17,
      removedByteCount: 18,
    },
  ],
]

/** Integers as numbers, as a reader of the graph sees them. */
function toShown(value: unknown): unknown {
  return neo4j.isInt(value) ? value.toNumber() : value
}

describe('the properties that follow from a facet of the standard', () => {
  it.each(expected)('are what it says: %s, %s/%s', (kind, where, key, properties) => {
    const value = facetInstances.get(`${where}/${key}`) ?? {}
    const register: FacetRegister = {
      time: '',
      rank: 0,
      producer: 'p',
      event: 'e',
      text: JSON.stringify(value),
      mayInterpret: true,
    }

    const found = Object.entries(toInterpretedProperties(kind, new Map([[key, register]])))

    expect(Object.fromEntries(found.map(([name, shown]) => [name, toShown(shown)]))).toEqual(properties)
  })
})
