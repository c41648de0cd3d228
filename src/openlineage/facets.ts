/** Where a facet stands: `run.facets`, `job.facets`, `facets` of a dataset, its `inputFacets` or its `outputFacets`. */
export type FacetLocation = 'run' | 'job' | 'dataset' | 'input' | 'output'

export interface StandardFacet {
  readonly key: string
  readonly where: FacetLocation
}

const keysByLocation: Readonly<Record<FacetLocation, readonly string[]>> = {
  run: [
    'parent',
    'nominalTime',
    'errorMessage',
    'processing_engine',
    'externalQuery',
    'extractionError',
    'environmentVariables',
    'executionParameters',
    'jobDependencies',
    'test',
    'tags',
    'gcp_composer_run',
    'gcp_dataproc',
  ],
  job: [
    'documentation',
    'ownership',
    'sql',
    'sourceCode',
    'sourceCodeLocation',
    'jobType',
    'tags',
    'lineage',
    'gcp_composer_job',
    'gcp_lineage',
  ],
  dataset: [
    'documentation',
    'ownership',
    'schema',
    'dataSource',
    'version',
    'columnLineage',
    'symlinks',
    'lifecycleStateChange',
    'storage',
    'catalog',
    'hierarchy',
    'datasetType',
    'dataQualityMetrics',
    'tags',
    'lineage',
  ],
  input: ['dataQualityMetrics', 'dataQualityAssertions', 'inputStatistics', 'subset', 'icebergScanReport'],
  output: ['outputStatistics', 'subset', 'icebergCommitReport'],
}

const facetLocations: readonly FacetLocation[] = ['run', 'job', 'dataset', 'input', 'output']

/** Every facet of the standard and of its vendor registry. A key may stand in several places, with a schema for each. */
export const standardFacets: readonly StandardFacet[] = facetLocations.flatMap((where) =>
  keysByLocation[where].map((key) => ({ key, where })),
)

/** Facets of jobs and datasets outlive their event, so only they can be deleted: elsewhere `_deleted` is a word like any other. */
export function mayBeDeleted(where: FacetLocation): boolean {
  return where === 'job' || where === 'dataset'
}

/** Custom facets that real producers send and people ask for. */
export const wellKnownFacets: readonly string[] = [
  'airflow',
  'airflowDagRun',
  'airflowState',
  'airflow_mappedTask',
  'spark_properties',
  'spark_jobDetails',
  'spark_applicationDetails',
  'spark.logicalPlan',
  'spark_unknown',
  'spark.exception',
  'environment-properties',
  'unknownSourceAttribute',
  'dbt_version',
  'dbt_run',
  'dbt_node',
  'hive_query',
  'hive_session',
  'hive_properties',
  'flink_job',
  'checkpoints',
  'debug',
  'gcp_dataproc_spark',
]

const propertyByKey: ReadonlyMap<string, string> = new Map(
  [...standardFacets.map(({ key }) => key), ...wellKnownFacets].map((key) => [
    key,
    `facet_${key.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
  ]),
)

/**
 * The graph property that keeps a facet of its own: `facet_spark_logicalPlan` for `spark.logicalPlan`.
 * @returns undefined for a custom facet that is not well known
 */
export function facetProperty(key: string): string | undefined {
  return propertyByKey.get(key)
}
