import fc from 'fast-check'
import type { IdentityRules } from '../../src/identity/rules.ts'
import type { Facets, JobEvent, LineageEvent, RunEvent } from '../../src/openlineage/events.ts'
import { aDatasetEvent, aFacet, aJobEvent, aRunEvent, aSchema } from './events.ts'
import {
  anyAssertions,
  anyDatasetTags,
  anyForwardedOfJob,
  anyForwardedOfRun,
  anyJobTags,
  anyMetrics,
  anyNominalTime,
  anyOwnership,
  anyRunTags,
  anyTests,
} from './small-world-facets.ts'
import { anyDatasetLineage, anyJobLineage, anyRename } from './small-world-lineage.ts'

/*
 * A world so small that its few jobs, runs, datasets and columns meet all the time: runs that fail after they have completed, that
 * change their job, their datasets and their code; schemas that come and go; facets that are deleted and said again; datasets with
 * several names, which symlinks and a catalog join and part, and rules join.
 */

const jobNames = ['app', 'app.load', 'app.load_7', 'app.merge', 'unknown']
/** The next two are where Hive keeps a table and what Spark drops; `d.c` is the name of both in the catalog. */
const datasets = [
  { namespace: 's3://db', name: 'a' },
  { namespace: 's3://db/w', name: 'd.c' },
  { namespace: 's3://db', name: 'w/d.db/c' },
  { namespace: 's3://db', name: 'w/d.db/d.db/c' },
  { namespace: 's3://db', name: 'a/p=1' },
  { namespace: 's3://db.alias', name: 'a/p=1/' },
]
/** Beside the rules that hold by default. */
export const worldRules: Partial<IdentityRules> = {
  hosts: [{ host: 'db', aliases: ['db.alias'], schemes: ['s3'] }],
  jobs: [{ rule: 'numbers', namespaces: undefined, pattern: String.raw`_\d+$`, replacement: '' }],
}
const dataset = fc.constantFrom(...datasets)
const runIds = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000000${n}`)
const columns = ['x', 'y']

const world = { datasets, jobs: jobNames, columns }

const time = fc.integer({ min: 0, max: 240 }).map((minute) => {
  const [hour, rest] = [10 + Math.floor(minute / 60), minute % 60]
  return `2026-11-22T${hour}:${String(rest).padStart(2, '0')}:00Z`
})

const schema = fc.subarray(columns).map((names) => aSchema(...names))
const change = fc
  .constantFrom('CREATE', 'OVERWRITE', 'DROP', 'ALTER')
  .map((lifecycleStateChange) => ({ lifecycleStateChange: aFacet({ lifecycleStateChange }) }))
const version = fc.constantFrom('1', '2').map((datasetVersion) => ({ version: aFacet({ datasetVersion }) }))
const documentation = fc.constantFrom<Facets>(
  { documentation: aFacet({ description: 'one' }) },
  { documentation: aFacet({ description: 'two' }) },
  { documentation: { _deleted: true } },
  { stranger: aFacet({ n: 1 }) },
)

const symlink = fc
  .record({ named: dataset, type: fc.constantFrom('TABLE', 'LOCATION') })
  .map(({ named, type }) => ({ ...named, type }))
const symlinks = fc
  .oneof(
    fc.array(symlink, { maxLength: 2 }).map((identifiers) => aFacet({ identifiers })),
    fc.constant<Facets>({ _deleted: true }),
  )
  .map((facet) => ({ symlinks: facet }))
const catalog = fc
  .constantFrom<Facets>(
    aFacet({ framework: 'hive', type: 'hive', name: 'default', warehouseUri: 's3a://db/w/' }),
    aFacet({ framework: 'hive', type: 'hive', name: 'default' }),
    { _deleted: true },
  )
  .map((facet) => ({ catalog: facet }))

const source = fc
  .record({
    named: dataset,
    field: fc.constantFrom(...columns),
    transformations: fc.constantFrom(
      [{ type: 'DIRECT', subtype: 'IDENTITY', masking: false }],
      [{ type: 'DIRECT', subtype: 'IDENTITY', masking: true, description: 'hashed' }],
      [{ type: 'INDIRECT', subtype: 'FILTER' }],
    ),
  })
  .map(({ named, ...said }) => ({ ...named, ...said }))
const columnLineage = fc
  .record({
    fields: fc.dictionary(
      fc.constantFrom(...columns),
      fc.record({ inputFields: fc.array(source, { maxLength: 2 }) }),
    ),
    dataset: fc.array(source, { maxLength: 1 }),
  })
  .map((facet) => ({ columnLineage: aFacet(facet as unknown as Facets) }))

/** The facets of several kinds, each there or not. */
function someOf(...kinds: fc.Arbitrary<Facets>[]): fc.Arbitrary<Facets> {
  const options = kinds.map((kind) => fc.option(kind, { nil: {} }))
  return fc.tuple(...options).map((parts) => Object.assign({}, ...parts) as Facets)
}

const ofDataset = fc.oneof(anyOwnership, anyDatasetTags(columns), anyMetrics(columns))
const statistics = fc.integer({ min: 1, max: 3 }).map((rowCount) => aFacet({ rowCount }))
const input = fc
  .record({
    named: dataset,
    facets: someOf(schema, version, documentation, symlinks, catalog, ofDataset),
    stats: fc.option(statistics),
    tested: fc.option(anyAssertions(columns), { nil: {} }),
  })
  .map(({ named, facets, stats, tested }) => ({
    ...named,
    facets,
    inputFacets: { ...(stats === null ? {} : { inputStatistics: stats, stranger: stats }), ...tested },
  }))
const output = fc
  .record({
    named: dataset,
    facets: someOf(
      schema,
      version,
      change,
      anyRename(world),
      columnLineage,
      documentation,
      symlinks,
      catalog,
      ofDataset,
    ),
    stats: fc.option(statistics),
  })
  .map(({ named, facets, stats }) => ({
    ...named,
    facets,
    ...(stats === null ? {} : { outputFacets: { outputStatistics: stats } }),
  }))

const code = fc
  .constantFrom('SELECT 1 FROM a', 'SELECT 1 FROM b')
  .map((query) => ({ sql: aFacet({ query }) }))
const jobType = fc
  .constantFrom('BATCH', 'STREAMING')
  .map((processingType) => ({ jobType: aFacet({ processingType, integration: 'TEST' }) }))
const controlFlow = fc
  .dictionary(
    fc.constantFrom('load', 'merge'),
    fc.record({ downstream_task_ids: fc.subarray(['load', 'merge']) }),
  )
  .map((tasks) => ({ airflow: aFacet({ tasks }) }))
const job = fc
  .record({
    name: fc.constantFrom(...jobNames),
    facets: someOf(code, jobType, controlFlow, documentation, anyJobLineage(world), anyOwnership, anyJobTags),
  })
  .map(({ name, facets }) => ({ namespace: 'jobs', name, facets }))

const reference = fc
  .record({
    runId: fc.constantFrom(...runIds),
    name: fc.constantFrom(...jobNames),
    ofRun: anyForwardedOfRun,
    ofJob: anyForwardedOfJob,
  })
  .map(({ runId, name, ofRun, ofJob }) => ({
    run: { runId, facets: ofRun },
    job: { namespace: 'jobs', name, facets: ofJob },
  }))
const parent = fc
  .record({ reference, root: fc.option(reference) })
  .map(({ reference: said, root }) => ({ parent: aFacet({ ...said, ...(root === null ? {} : { root }) }) }))
const task = fc
  .record({
    up: fc.constantFrom("['load']", "['merge']", '[]'),
    down: fc.constantFrom("['merge']", '[]'),
    try_number: fc.constantFrom(1, 2),
  })
  .map(({ up, down, try_number }) => ({
    airflow: aFacet({
      dag: { dag_id: 'app' },
      task: { upstream_task_ids: up, downstream_task_ids: down },
      taskInstance: { try_number },
    }),
  }))
const error = fc
  .constantFrom('boom', 'bang')
  .map((message) => ({ errorMessage: aFacet({ message, programmingLanguage: 'x' }) }))

const runEvent: fc.Arbitrary<RunEvent> = fc
  .record({
    eventTime: time,
    eventType: fc.constantFrom('START', 'RUNNING', 'COMPLETE', 'COMPLETE', 'FAIL', 'ABORT', 'OTHER'),
    runId: fc.constantFrom(...runIds),
    runFacets: someOf(parent, task, error, anyRunTags, anyTests, anyNominalTime),
    job,
    inputs: fc.array(input, { maxLength: 2 }),
    outputs: fc.array(output, { maxLength: 2 }),
  })
  .map(({ runId, runFacets, ...said }) =>
    aRunEvent({ ...(said as Partial<RunEvent>), run: { runId, facets: runFacets } }),
  )

const datasetEvent = fc
  .record({
    eventTime: time,
    named: dataset,
    facets: someOf(
      schema,
      documentation,
      change,
      anyRename(world),
      columnLineage,
      anyDatasetLineage(world),
      symlinks,
      catalog,
      ofDataset,
    ),
  })
  .map(({ eventTime, named, facets }) => aDatasetEvent({ eventTime, dataset: { ...named, facets } }))

const jobEvent = fc
  .record({
    eventTime: time,
    job,
    inputs: fc.array(input, { maxLength: 1 }),
    outputs: fc.array(output, { maxLength: 1 }),
  })
  .map((said) => aJobEvent(said as Partial<JobEvent>))

/** Histories of a few events of all three kinds. */
export const anyHistory: fc.Arbitrary<LineageEvent[]> = fc.array(
  fc.oneof(
    { arbitrary: runEvent, weight: 8 },
    { arbitrary: datasetEvent, weight: 3 },
    { arbitrary: jobEvent, weight: 2 },
  ),
  { minLength: 2, maxLength: 9 },
)
