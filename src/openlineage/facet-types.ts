import type { Facets, JsonValue } from './events.ts'

/**
 * The facets that the graph interprets, by key, as they are once they have passed their schema. A custom facet has no schema: it may
 * be anything.
 */
export interface InterpretedFacets {
  parent: ParentRunFacet
  nominalTime: NominalTimeRunFacet
  errorMessage: ErrorMessageRunFacet
  processing_engine: ProcessingEngineRunFacet
  jobDependencies: JobDependenciesRunFacet
  jobType: JobTypeJobFacet
  sql: SQLJobFacet
  sourceCode: SourceCodeJobFacet
  sourceCodeLocation: SourceCodeLocationJobFacet
  documentation: DocumentationFacet
  schema: SchemaDatasetFacet
  columnLineage: ColumnLineageDatasetFacet
  /** `LineageJobFacet` on a job, `LineageDatasetFacet` on a dataset. */
  lineage: LineageFacet
  lifecycleStateChange: LifecycleStateChangeDatasetFacet
  version: DatasetVersionDatasetFacet
  storage: StorageDatasetFacet
  datasetType: DatasetTypeDatasetFacet
  symlinks: SymlinksDatasetFacet
  catalog: CatalogDatasetFacet
  inputStatistics: StatisticsFacet
  outputStatistics: StatisticsFacet
  subset: JsonValue
  airflow: JsonValue
  airflowDagRun: JsonValue
  spark_applicationDetails: JsonValue
  'spark.exception': JsonValue
}

/** Another run with its job, and some facets of theirs, forwarded. */
export interface RunReference {
  run: { runId: string; facets?: Facets }
  job: { namespace: string; name: string; facets?: Facets }
}

export interface ParentRunFacet extends RunReference {
  root?: RunReference
}

export interface NominalTimeRunFacet {
  nominalStartTime: string
  nominalEndTime?: string
}

export interface ErrorMessageRunFacet {
  message: string
}

export interface ProcessingEngineRunFacet {
  version: string
  name?: string
}

export interface JobDependency {
  job: { namespace: string; name: string }
}

export interface JobDependenciesRunFacet {
  upstream?: JobDependency[]
  downstream?: JobDependency[]
}

export interface JobTypeJobFacet {
  processingType: string
  integration: string
  jobType?: string
}

export interface SQLJobFacet {
  query: string
}

export interface SourceCodeJobFacet {
  language: string
  sourceCode: string
}

export interface SourceCodeLocationJobFacet {
  url: string
  version?: string
}

export interface DocumentationFacet {
  description: string
}

export interface SchemaField {
  name: string
  type?: string
  description?: string
  ordinal_position?: number
  fields?: SchemaField[]
}

export interface SchemaDatasetFacet {
  fields?: SchemaField[]
}

export interface Transformation {
  type: string
  subtype?: string
  description?: string
  masking?: boolean
}

export interface ColumnLineageInput {
  namespace: string
  name: string
  field: string
  transformations?: Transformation[]
}

export interface ColumnLineageDatasetFacet {
  fields: Record<
    string,
    { inputFields: ColumnLineageInput[]; transformationType?: string; transformationDescription?: string }
  >
  dataset?: ColumnLineageInput[]
}

/** Both forms of the facet: a job's has entries, a dataset's says of itself what an entry says. */
export interface LineageFacet {
  entries?: LineageEntry[]
  inputs?: LineageInput[]
  fields?: Record<string, { inputs: LineageInput[] }>
}

/** What flows into one target: a dataset, or a job; a job without a name is the event's own. */
export interface LineageEntry {
  type: string
  namespace?: string
  name?: string
  inputs?: LineageInput[]
  fields?: Record<string, { inputs: LineageInput[] }>
}

export interface LineageInput {
  type: string
  namespace?: string
  name?: string
  field?: string
  transformations?: Transformation[]
}

export interface LifecycleStateChangeDatasetFacet {
  lifecycleStateChange: string
  previousIdentifier?: { namespace: string; name: string }
}

export interface DatasetVersionDatasetFacet {
  datasetVersion: string
}

export interface StorageDatasetFacet {
  storageLayer: string
  fileFormat?: string
}

export interface DatasetTypeDatasetFacet {
  datasetType: string
}

export interface SymlinksDatasetFacet {
  identifiers?: { namespace: string; name: string; type: string }[]
}

export interface CatalogDatasetFacet {
  framework: string
  type: string
  name: string
  warehouseUri?: string
}

/** `inputStatistics` and `outputStatistics` alike. */
export interface StatisticsFacet {
  rowCount?: number
  size?: number
  fileCount?: number
}
