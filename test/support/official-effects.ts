import { cypher, type Statement } from '../../src/graph/cypher.ts'
import type { FacetLocation } from '../../src/openlineage/facets.ts'

/** What one official example does in the graph. The statement knows `$job`, `$input` and `$output`, the names in its event. */
export interface OfficialEffect {
  /** The example's file. */
  file: string
  /** Where its facet stands. */
  place: FacetLocation | 'dataset event'
  statement: Statement
  expected: Record<string, unknown>[]
}

const readStatement = cypher`MATCH (:Run)-[r:READ]->(:Dataset {name: $input}) RETURN r.subsets AS subsets`

const columnsStatement = cypher`
  MATCH (a:Field)-[x:FEEDS]->(b:Field {dataset: $output})
  RETURN count(DISTINCT a.dataset) AS sources, count(DISTINCT b) AS columns, count(x) AS flows,
    count(CASE WHEN x.type = 'DIRECT' THEN 1 END) AS direct
`

const testsStatement = cypher`
  MATCH (:Run)-[:REPORTED]->(t:TestResult)-[:CHECKS]->(f:Field {dataset: $input})
  RETURN count(t) AS tests, count(DISTINCT f) AS columns, collect(DISTINCT t.status) AS statuses
`

const ownersStatement = cypher`MATCH (o:Owner)-[:OWNS]->(n {name: $job}) RETURN o.name AS owner`
const datasetOwnersStatement = cypher`MATCH (o:Owner)-[:OWNS]->(n {name: $output}) RETURN o.name AS owner`

const tags = [
  { tag: 'test_tag=test_value', source: 'test_source' },
  { tag: 'test_tag2=test_value2', source: null },
]

const jobTypeStatement = cypher`
  MATCH (j:Job {name: $job})
  RETURN j.processingType AS processingType, j.integration AS integration, j.jobType AS jobType,
    j.eventTrigger AS trigger, j.windowSeconds AS window
`

const flowsStatement = cypher`
  MATCH (a)-[x:FEEDS {jobName: $job}]->(b)
  RETURN labels(a)[0] + ' ' + a.name AS from, labels(b)[0] + ' ' + b.name AS to, x.derivation AS derivation, x.subtype AS subtype
  ORDER BY from, to
`

const explicit = (from: string, to: string, subtype: string | null = null) => ({
  from,
  to,
  derivation: 'EXPLICIT',
  subtype,
})

/** The output of an example in which explicit lineage names other targets alone is fed as rule 4 has it. */
const ownFlow = (file: string) => ({
  from: `Dataset ${file} in`,
  to: `Dataset ${file} out`,
  derivation: 'IO',
  subtype: null,
})

export const officialEffects: OfficialEffect[] = [
  {
    file: 'BaseSubsetDatasetFacet/1.json',
    place: 'input',
    statement: cypher`
      MATCH (:Run)-[r:READ]->(:Dataset {name: $input})
      RETURN size(r.subsets) AS conditions, r.subsets[0] CONTAINS 'first_name' AS isWhole
    `,
    expected: [{ conditions: 1, isWhole: true }],
  },
  {
    file: 'BaseSubsetDatasetFacet/2.json',
    place: 'input',
    statement: cypher`
      MATCH (:Run)-[r:READ]->(:Dataset {name: $input})
      RETURN size(r.subsets) AS conditions, r.subsets[0] CONTAINS 'last_name' AS isWhole
    `,
    expected: [{ conditions: 1, isWhole: true }],
  },
  {
    file: 'BaseSubsetDatasetFacet/3.json',
    place: 'input',
    statement: readStatement,
    expected: [
      {
        subsets: [1, 2, 3].map((n) => `s3://some/bucket/location${n}`),
      },
    ],
  },
  {
    file: 'BaseSubsetDatasetFacet/4.json',
    place: 'input',
    statement: cypher`
      MATCH (:Run)-[r:READ]->(:Dataset {name: $input})
      RETURN r.subsets[0] CONTAINS '2024-10-15' AS isWhole
    `,
    expected: [{ isWhole: true }],
  },
  {
    file: 'ColumnLineageDatasetFacet/1.json',
    place: 'dataset',
    statement: columnsStatement,
    expected: [{ sources: 2, columns: 4, flows: 12, direct: 4 }],
  },
  {
    file: 'ColumnLineageDatasetFacet/2.json',
    place: 'dataset',
    statement: cypher`
      MATCH (a:Field)-[x:FEEDS]->(b:Field {dataset: $output})
      WITH collect(a.name + ' ' + x.subtype + ' ' + b.name) AS flows
      MATCH (c:Field)-[y:INFLUENCES]->(:Dataset {name: $output})
      RETURN size(flows) AS flows, 'age TRANSFORMATION ageNextYear' IN flows AS isShown, count(y) AS influences
    `,
    expected: [{ flows: 4, isShown: true, influences: 3 }],
  },
  {
    file: 'DataQualityAssertionsDatasetFacet/1.json',
    place: 'input',
    statement: testsStatement,
    expected: [{ tests: 10, columns: 8, statuses: ['pass'] }],
  },
  {
    file: 'DataQualityMetricsDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      MATCH (d:Dataset {name: $output})-[:HAS_FIELD]->(f:Field {name: 'amount'})
      RETURN d.measuredRowCount AS rows, d.measuredFileCount AS files, f.sum AS sum, f.min AS min, f.max AS max
    `,
    expected: [{ rows: 10, files: 5, sum: 6600, min: 100, max: 1500 }],
  },
  {
    file: 'DataQualityMetricsInputDatasetFacet/1.json',
    place: 'input',
    statement: cypher`
      MATCH (:Run)-[r:READ]->(:Dataset {name: $input}) RETURN r.measuredRowCount AS rows, r.measuredFileCount AS files
    `,
    expected: [{ rows: 10, files: 5 }],
  },
  {
    file: 'DatasetTypeDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`MATCH (d:Dataset {name: $output}) RETURN d.type AS type, d.subType AS subType`,
    expected: [{ type: 'VIEW', subType: 'MATERIALIZED' }],
  },
  {
    file: 'DatasetVersionDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      MATCH (d:Dataset {name: $output})<-[:VERSION_OF]-(v:DatasetVersion) RETURN v.version AS version, d.version AS newest
    `,
    expected: [{ version: '2', newest: '2' }],
  },
  {
    file: 'DatasourceDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`MATCH (d:Dataset {name: $output}) RETURN d.dataSource AS name, d.dataSourceUri AS uri`,
    expected: [{ name: 'datasource_one', uri: 'https://some.location.com/datsource/one' }],
  },
  {
    file: 'DocumentationDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      MATCH (d:Dataset {name: $output}) RETURN d.description IS NOT NULL AS isDescribed, d.descriptionType AS type
    `,
    expected: [{ isDescribed: true, type: 'text/markdown' }],
  },
  {
    file: 'DocumentationJobFacet/1.json',
    place: 'job',
    statement: cypher`MATCH (j:Job {name: $job}) RETURN j.description AS description, j.descriptionType AS type`,
    expected: [
      { description: 'Determines the popular day of week orders are placed.', type: 'text/markdown' },
    ],
  },
  {
    file: 'EnvironmentVariablesRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (r:Run)-[:RUN_OF]->(:Job {name: $job}) RETURN r.facet_environmentVariables CONTAINS 'JAVA_HOME' AS isKept
    `,
    expected: [{ isKept: true }],
  },
  {
    file: 'ErrorMessageRunFacet/1.json',
    place: 'run',
    statement: cypher`MATCH (r:Run)-[:RUN_OF]->(:Job {name: $job}) RETURN r.errorMessage AS message`,
    expected: [{ message: 'failed' }],
  },
  {
    file: 'ExternalQueryRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (r:Run)-[:RUN_OF]->(:Job {name: $job}) RETURN r.externalQueryId AS id, r.externalQuerySource AS source
    `,
    expected: [{ id: 'bigquery_1690280798993890_f4ade238a8121576708e1892f69e67fe', source: 'bigquery' }],
  },
  {
    file: 'ExtractionErrorRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (r:Run)-[:RUN_OF]->(:Job {name: $job})
      RETURN r.lineageIncomplete AS isIncomplete, r.failedTasks AS failed, r.totalTasks AS total, size(r.extractionErrors) AS errors
    `,
    expected: [{ isIncomplete: true, failed: 1, total: 1, errors: 1 }],
  },
  {
    file: 'HierarchyDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`MATCH (d:Dataset {name: $output}) RETURN d.hierarchy AS names, d.hierarchyTypes AS types`,
    expected: [{ names: ['my_db', 'my_schema', 'my_table'], types: ['DATABASE', 'SCHEMA', 'TABLE'] }],
  },
  {
    file: 'JobTypeJobFacet/1.json',
    place: 'job',
    statement: jobTypeStatement,
    expected: [
      { processingType: 'BATCH', integration: 'SPARK', jobType: 'QUERY', trigger: null, window: null },
    ],
  },
  {
    file: 'JobTypeJobFacet/2.json',
    place: 'job',
    statement: jobTypeStatement,
    expected: [
      {
        processingType: 'STREAMING',
        integration: 'KAFKA_STREAMS',
        jobType: 'STREAM_PROCESSOR',
        trigger: 'PERIODIC',
        window: 300,
      },
    ],
  },
  {
    file: 'JobTypeJobFacet/3.json',
    place: 'job',
    statement: jobTypeStatement,
    expected: [
      { processingType: 'BATCH', integration: 'SPARK', jobType: 'ETL', trigger: 'EVENT_BASED', window: null },
    ],
  },
  {
    file: 'LifecycleStateChangeDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      MATCH (v:DatasetVersion)-[:VERSION_OF]->(:Dataset {name: $output})-[:RENAMED_FROM]->(old:Dataset)
      RETURN v.change AS change, old.namespace AS namespace, old.name AS name, old.droppedAt IS NOT NULL AS isDropped
    `,
    expected: [
      { change: 'RENAME', namespace: 'file', name: '/tmp/alter_test/alter_table_test', isDropped: true },
    ],
  },
  {
    file: 'LineageFacet/dataset-to-dataset.json',
    place: 'dataset event',
    statement: cypher`
      MATCH (a:Dataset)-[x:FEEDS]->(:Dataset {name: $output})
      OPTIONAL MATCH (f:Field)-[y:FEEDS]->(g:Field {dataset: $output})
      RETURN a.name AS from, x.derivation AS derivation, x.jobName AS job, f.name AS column, g.name AS into, y.subtype AS subtype
    `,
    expected: [
      {
        from: 'public.customers',
        derivation: 'EXPLICIT',
        job: null,
        column: 'id',
        into: 'customer_id',
        subtype: 'IDENTITY',
      },
    ],
  },
  {
    file: 'LineageFacet/dataset-to-job.json',
    place: 'job',
    statement: flowsStatement,
    expected: [
      ownFlow('LineageFacet/dataset-to-job.json'),
      explicit('Dataset public.staging_orders', 'Job daily.load'),
      explicit('Field order_id', 'Job daily.load', 'FILTER'),
    ],
  },
  {
    file: 'LineageFacet/generator.json',
    place: 'job',
    statement: flowsStatement,
    expected: [
      ownFlow('LineageFacet/generator.json'),
      explicit('Job LineageFacet/generator.json', 'Field total', 'AGGREGATION'),
    ],
  },
  {
    file: 'LineageFacet/implicit-job.json',
    place: 'job',
    statement: flowsStatement,
    expected: [
      ownFlow('LineageFacet/implicit-job.json'),
      explicit('Dataset public.transactions', 'Job LineageFacet/implicit-job.json', 'FILTER'),
    ],
  },
  {
    file: 'LineageFacet/job-to-dataset.json',
    place: 'job',
    statement: flowsStatement,
    expected: [
      ownFlow('LineageFacet/job-to-dataset.json'),
      explicit('Job daily.extract', 'Dataset public.daily_summary'),
    ],
  },
  {
    file: 'LineageFacet/job-to-job.json',
    place: 'job',
    statement: flowsStatement,
    expected: [ownFlow('LineageFacet/job-to-job.json'), explicit('Job daily.transform', 'Job daily.load')],
  },
  {
    file: 'LineageFacet/mixed-sources.json',
    place: 'job',
    statement: flowsStatement,
    expected: [
      ownFlow('LineageFacet/mixed-sources.json'),
      explicit('Dataset public.orders', 'Dataset public.enriched_orders'),
      explicit('Field customer_id', 'Field customer_segment'),
      explicit('Job daily.enrichment', 'Dataset public.enriched_orders'),
      explicit('Job daily.enrichment', 'Field customer_segment', 'TRANSFORMATION'),
    ],
  },
  {
    file: 'NominalTimeRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (r:Run)-[:RUN_OF]->(:Job {name: $job})
      RETURN toString(r.nominalStartAt) AS start, toString(r.nominalEndAt) AS end
    `,
    expected: [{ start: '2020-01-01T04:00:00.001Z', end: '2020-01-02T04:00:00.001Z' }],
  },
  {
    file: 'OutputStatisticsOutputDatasetFacet/1.json',
    place: 'output',
    statement: cypher`
      MATCH (:Run)-[w:WROTE]->(d:Dataset {name: $output})<-[:VERSION_OF]-(v:DatasetVersion)
      RETURN w.rowCount AS rows, w.byteCount AS bytes, w.fileCount AS files, v.rowCount AS rowsOfVersion
    `,
    expected: [{ rows: 2000, bytes: 2_097_152, files: 5, rowsOfVersion: 2000 }],
  },
  {
    file: 'OwnershipDatasetFacet/1.json',
    place: 'dataset',
    statement: datasetOwnersStatement,
    expected: [{ owner: 'owner' }],
  },
  {
    file: 'OwnershipJobFacet/1.json',
    place: 'job',
    statement: ownersStatement,
    expected: [{ owner: 'owner' }],
  },
  {
    file: 'ParentRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (parent:Job)<-[:CHILD_OF]-(:Job {name: $job})<-[:RUN_OF]-(:Run)-[:CHILD_OF]->(p:Run)
      RETURN p.runId AS run, parent.name AS job
    `,
    expected: [{ run: 'f99310b4-3c3c-1a1a-2b2b-c1b95c24ff11', job: 'dbt-job-name' }],
  },
  {
    file: 'ParentRunFacet/2.json',
    place: 'run',
    statement: cypher`
      MATCH (:Job {name: $job})<-[:RUN_OF]-(r:Run)-[:ROOT]->(root:Run)-[:RUN_OF]->(dag:Job)
      MATCH (r)-[:CHILD_OF]->(parent:Run)
      RETURN root.runId AS root, dag.name AS dag, dag.jobType AS jobType, root.engine AS engine, parent.engineVersion AS version
    `,
    expected: [
      {
        root: 'a0000000-3c3c-1a1a-2b2b-c1b95c24ff11',
        dag: 'my_dag',
        jobType: 'DAG',
        engine: 'Airflow',
        version: '2.10.0',
      },
    ],
  },
  {
    file: 'ProcessingEngineRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (r:Run)-[:RUN_OF]->(:Job {name: $job})
      RETURN r.engine AS engine, r.engineVersion AS version, r.adapterVersion AS adapter
    `,
    expected: [{ engine: 'Airflow', version: '2.5.0', adapter: '0.29.2' }],
  },
  {
    file: 'SQLJobFacet/1.json',
    place: 'job',
    statement: cypher`
      MATCH (v:JobVersion)-[:VERSION_OF]->(j:Job {name: $job})
      RETURN j.sql CONTAINS 'select * from final' AS isWhole, v.sql IS NOT NULL AS isFingerprinted
    `,
    expected: [{ isWhole: true, isFingerprinted: true }],
  },
  {
    file: 'SchemaDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      MATCH (:Dataset {name: $output})-[:HAS_FIELD]->(f:Field {name: 'custom_properties.value._1'})
      MATCH (s:SchemaVersion)-[:SCHEMA_OF]->(:Dataset {name: $output})
      RETURN f.type AS type, f.ordinal AS ordinal, size(s.columns) AS columns, 'addresses.zip string' IN s.columns AS isNested
    `,
    expected: [{ type: 'int64', ordinal: 2, columns: 17, isNested: true }],
  },
  {
    file: 'SourceCodeJobFacet/1.json',
    place: 'job',
    statement: cypher`
      MATCH (v:JobVersion)-[:VERSION_OF]->(j:Job {name: $job})
      RETURN j.sourceLanguage AS language, v.source IS NOT NULL AS isVersioned
    `,
    expected: [{ language: 'bash', isVersioned: true }],
  },
  {
    file: 'SourceCodeLocationJobFacet/1.json',
    place: 'job',
    statement: cypher`MATCH (j:Job {name: $job}) RETURN j.sourceLocation AS url, j.sourceType AS type`,
    expected: [{ url: 'http://example.com', type: 'git' }],
  },
  {
    file: 'StorageDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`MATCH (d:Dataset {name: $output}) RETURN d.storage AS storage, d.format AS format`,
    expected: [{ storage: 'delta', format: 'parquet' }],
  },
  {
    file: 'SymlinksDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      MATCH (:Dataset {name: $output})-[x:SAME_AS]->(other:Dataset)-[:SAME_AS]->(:Dataset {name: $output})
      RETURN other.name AS name, x.source AS source, x.type AS type
    `,
    expected: [{ name: 'default.alter_table_test_new', source: 'SYMLINK', type: 'TABLE' }],
  },
  {
    file: 'TagsDatasetFacet/1.json',
    place: 'dataset',
    statement: cypher`
      CALL () {
        MATCH (:Dataset {name: $output})-[x:TAGGED]->(t:Tag) RETURN 'dataset' AS of, t.key + '=' + t.value AS tag, x.source AS source
        UNION
        MATCH (f:Field {dataset: $output})-[x:TAGGED]->(t:Tag) RETURN f.name AS of, t.key + '=' + t.value AS tag, x.source AS source
      }
      RETURN of, tag, source ORDER BY source
    `,
    expected: [
      { of: 'email', tag: 'test_tag=test_value', source: 'test_source' },
      { of: 'dataset', tag: 'test_tag2=test_value2', source: null },
    ],
  },
  {
    file: 'TagsJobFacet/1.json',
    place: 'job',
    statement: cypher`
      MATCH (:Job {name: $job})-[x:TAGGED]->(t:Tag) RETURN t.key + '=' + t.value AS tag, x.source AS source ORDER BY source
    `,
    expected: tags,
  },
  {
    file: 'TagsRunFacet/1.json',
    place: 'run',
    statement: cypher`
      MATCH (:Job {name: $job})<-[:RUN_OF]-(:Run)-[x:TAGGED]->(t:Tag)
      RETURN t.key + '=' + t.value AS tag, x.source AS source ORDER BY source
    `,
    expected: tags,
  },
]
