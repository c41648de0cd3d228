import type { JsonObject } from '../../../src/openlineage/events.ts'

/**
 * One valid instance of every standard facet, with every property it may have, by `<where>/<key>`.
 * `_producer` and `_schemaURL` are added where they are used.
 */
const dataQualityMetrics = {
  rowCount: 10,
  bytes: 2048,
  fileCount: 1,
  lastUpdated: '2026-01-31T08:00:00Z',
  columnMetrics: {
    amount: {
      nullCount: 1,
      distinctCount: 9,
      sum: 4.5,
      count: 10,
      min: -1.5,
      max: 3,
      quantiles: { '0.5': 1.5 },
    },
  },
}
const documentation = { description: 'Orders, a row each', contentType: 'text/markdown' }
const ownership = { owners: [{ name: 'team:sales', type: 'MAINTAINER' }] }
const tag = { key: 'pii', value: 'true', source: 'DBT' }
const statistics = { rowCount: 10, size: 2048, fileCount: 1 }
const runId = '0198c0de-0000-7000-8000-000000000001'
const transformations = [{ type: 'DIRECT', subtype: 'AGGREGATION', description: 'sum()', masking: false }]
const forwardedFacet = { _producer: 'https://example.org/p', _schemaURL: 'https://example.org/s', owner: 'x' }
const parent = {
  run: { runId, facets: { nominal: forwardedFacet } },
  job: { namespace: 'airflow', name: 'dag', facets: { custom: { ...forwardedFacet, _deleted: false } } },
}
const dependency = {
  job: { namespace: 'airflow', name: 'dag.before' },
  run: { runId },
  dependency_type: 'DIRECT_INVOCATION',
  sequence_trigger_rule: 'FINISH_TO_START',
  status_trigger_rule: 'EXECUTE_ON_SUCCESS',
}
const columnInput = { namespace: 'file', name: '/in', field: 'amount', transformations }
const lineageInputs = [
  { type: 'DATASET', namespace: 'file', name: '/in', field: 'amount', transformations },
  { type: 'JOB', namespace: 'airflow', name: 'dag.before', runId, transformations },
  { type: 'JOB', transformations },
]
const compare = {
  type: 'compare',
  left: { type: 'field', field: 'day' },
  right: { type: 'literal', value: '2026-01-31' },
  comparison: 'EQUAL',
}
const partitions = {
  type: 'partition',
  partitions: [{ identifier: 'day=31', dimensions: { day: 31 } }, { dimensions: {} }],
}
const condition = {
  type: 'binary',
  operator: 'AND',
  left: { type: 'binary', operator: 'OR', left: compare, right: partitions },
  right: { type: 'location', locations: ['s3://bucket/a', 's3://bucket/b'] },
}

function numbers(names: string): JsonObject {
  return Object.fromEntries(names.split(' ').map((name, index) => [name, index]))
}

function texts(names: string): JsonObject {
  return Object.fromEntries(names.split(' ').map((name) => [name, `some ${name}`]))
}

export const facetInstances: ReadonlyMap<string, JsonObject> = new Map(
  Object.entries<JsonObject>({
    'run/parent': { ...parent, root: parent },
    'run/nominalTime': {
      nominalStartTime: '2026-01-31T08:00:00Z',
      nominalEndTime: '2026-01-31T09:00:00.5+01:00',
    },
    'run/errorMessage': texts('message programmingLanguage stackTrace'),
    'run/processing_engine': texts('version name openlineageAdapterVersion'),
    'run/externalQuery': texts('externalQueryId source'),
    'run/extractionError': {
      totalTasks: 2,
      failedTasks: 1,
      errors: [{ errorMessage: 'no such table', stackTrace: 'at …', task: 'SELECT 1', taskNumber: 0 }],
    },
    'run/environmentVariables': { environmentVariables: [{ name: 'HOME', value: '/home/airflow' }] },
    'run/executionParameters': { parameters: [texts('key name description value')] },
    'run/jobDependencies': { upstream: [dependency], downstream: [dependency], trigger_rule: 'all_success' },
    'run/test': {
      tests: [
        {
          ...texts('name status severity type description expected actual content contentType'),
          params: { column: 'amount' },
        },
      ],
    },
    'run/tags': { tags: [tag] },
    'run/gcp_composer_run': { dagRunId: 'manual__1' },
    'run/gcp_dataproc': texts(
      'appId appName projectId jobType queryNodeName batchId batchUuid clusterName clusterUuid jobId jobUuid sessionId sessionUuid',
    ),
    'job/documentation': documentation,
    'job/ownership': ownership,
    'job/sql': texts('query dialect'),
    'job/sourceCode': texts('language sourceCode'),
    'job/sourceCodeLocation': {
      ...texts('type repoUrl path version tag branch pullRequestNumber'),
      url: 'https://example.org/repo',
    },
    'job/jobType': {
      ...texts('processingType integration jobType'),
      emissionPattern: {
        eventTrigger: 'PERIODIC',
        eventContentMode: 'COMPLETE_SNAPSHOT',
        windowDuration: 60,
      },
    },
    'job/tags': { tags: [tag] },
    'job/lineage': {
      entries: [
        {
          type: 'DATASET',
          namespace: 'file',
          name: '/out',
          inputs: lineageInputs,
          fields: { total: { inputs: lineageInputs } },
        },
        { type: 'JOB', namespace: 'airflow', name: 'dag.after', runId, inputs: lineageInputs },
        { type: 'JOB' },
      ],
    },
    'job/gcp_composer_job': texts('environmentName dagId airflowVersion composerVersion operator taskId'),
    'job/gcp_lineage': { displayName: 'Orders', origin: { sourceType: 'COMPOSER', name: 'projects/p' } },
    'dataset/documentation': documentation,
    'dataset/ownership': ownership,
    'dataset/schema': {
      fields: [
        {
          ...texts('name type description'),
          ordinal_position: 1,
          fields: [{ name: 'inner', fields: [{ name: 'innermost', ordinal_position: 1 }] }],
        },
      ],
    },
    'dataset/dataSource': { name: 'warehouse', uri: 'postgres://warehouse:5432' },
    'dataset/version': { datasetVersion: '3821550127947089009' },
    'dataset/columnLineage': {
      fields: {
        total: {
          inputFields: [columnInput],
          transformationDescription: 'sum',
          transformationType: 'IDENTITY',
        },
      },
      dataset: [columnInput],
    },
    'dataset/symlinks': { identifiers: [{ namespace: 'hive://h', name: 'db.orders', type: 'TABLE' }] },
    'dataset/lifecycleStateChange': {
      lifecycleStateChange: 'RENAME',
      previousIdentifier: { namespace: 'file', name: '/old' },
    },
    'dataset/storage': texts('storageLayer fileFormat'),
    'dataset/catalog': {
      ...texts('framework type name metadataUri warehouseUri source'),
      catalogProperties: { region: 'eu' },
    },
    'dataset/hierarchy': { hierarchy: [texts('type name'), texts('type name')] },
    'dataset/datasetType': texts('datasetType subType'),
    'dataset/dataQualityMetrics': dataQualityMetrics,
    'dataset/tags': { tags: [{ ...tag, field: 'amount' }] },
    'dataset/lineage': { inputs: lineageInputs, fields: { total: { inputs: lineageInputs } } },
    'input/dataQualityMetrics': dataQualityMetrics,
    'input/dataQualityAssertions': {
      assertions: [
        {
          ...texts('assertion column severity name description expected actual content contentType'),
          success: true,
          params: { max: 3 },
        },
      ],
    },
    'input/inputStatistics': statistics,
    'input/subset': { inputCondition: condition },
    'input/icebergScanReport': {
      snapshotId: 12,
      filterDescription: 'true',
      schemaId: 0,
      projectedFieldNames: ['id'],
      scanMetrics: numbers(
        'totalPlanningDuration resultDataFiles resultDeleteFiles totalDataManifests totalDeleteManifests scannedDataManifests skippedDataManifests totalFileSizeInBytes totalDeleteFileSizeInBytes skippedDataFiles skippedDeleteFiles scannedDeleteManifests skippedDeleteManifests indexedDeleteFiles equalityDeleteFiles positionalDeleteFiles',
      ),
      metadata: { 'engine-name': 'spark' },
    },
    'output/outputStatistics': statistics,
    'output/subset': { outputCondition: condition },
    'output/icebergCommitReport': {
      snapshotId: 12,
      sequenceNumber: 2,
      operation: 'append',
      commitMetrics: numbers(
        'totalDuration attempts addedDataFiles removedDataFiles totalDataFiles addedDeleteFiles addedEqualityDeleteFiles addedPositionalDeleteFiles addedDVs removedDeleteFiles removedEqualityDeleteFiles removedPositionalDeleteFiles removedDVs totalDeleteFiles addedRecords removedRecords totalRecords addedFilesSizeInBytes removedFilesSizeInBytes totalFilesSizeInBytes addedPositionalDeletes removedPositionalDeletes totalPositionalDeletes addedEqualityDeletes removedEqualityDeletes totalEqualityDeletes',
      ),
      metadata: { 'engine-name': 'spark' },
    },
  }),
)
