import fc from 'fast-check'
import type { Facets, JsonObject } from '../../src/openlineage/events.ts'
import { aFacet } from '../support/events.ts'

/*
 * A world so small that its few jobs, runs, datasets, columns and instants meet all the time.
 */

export const datasetName = fc
  .constantFrom('a', 'b', 'a', 'b', 'c', 'd', 'e')
  .map((name) => ({ namespace: name === 'e' ? 's3' : 'db', name }))
export const jobName = fc.constantFrom('app', 'load', 'app', 'load', 'merge', 'unknown')
export const runId = fc
  .constantFrom(1, 2, 1, 2, 3, 4, 5)
  .map((n) => `00000000-0000-7000-8000-00000000000${n}`)
const columnName = fc.constantFrom('x', 'y', 'z')

/** Few, so that they tie; two of them one instant in two zones, two a nanosecond apart. */
export const instants = [
  '2026-11-22T09:00:00Z',
  '2026-11-22T10:00:00Z',
  '2026-11-22T11:00:00+01:00',
  '2026-11-22T10:00:00.000000001Z',
  '2026-11-22T10:30:00Z',
  '2026-11-22T11:15:00.5Z',
  '2026-11-22T12:00:00Z',
  '2026-11-22T13:00:00Z',
]
export const eventTime = fc.constantFrom(...instants)

const deleted = fc.constant<Facets>({ _deleted: true })

/** A facet under its key, now and then its tombstone. */
function mostly(key: string, facet: fc.Arbitrary<Facets>): fc.Arbitrary<Facets> {
  return fc
    .oneof({ arbitrary: facet, weight: 3 }, { arbitrary: deleted, weight: 1 })
    .map((value) => ({ [key]: value }))
}

const column = fc.record({ name: columnName, type: fc.constantFrom('string', 'string', 'int') })
const nested = fc
  .constantFrom<JsonObject[]>([], [{ name: 'x', type: 'int' }], [{ name: 'y', type: 'string' }])
  .map((fields): JsonObject => ({ name: 's', type: 'struct', fields }))
const schema = mostly(
  'schema',
  fc
    .tuple(
      fc.uniqueArray(column, { selector: ({ name }) => name, maxLength: 3 }),
      fc.option(nested, { freq: 8, nil: undefined }),
    )
    .map(([columns, struct]) => aFacet({ fields: [...columns, ...(struct === undefined ? [] : [struct])] })),
)

const lifecycle = mostly(
  'lifecycleStateChange',
  fc
    .constantFrom('CREATE', 'OVERWRITE', 'DROP', 'DROP', 'ALTER', 'TRUNCATE')
    .map((lifecycleStateChange) => aFacet({ lifecycleStateChange })),
)

const version = mostly(
  'version',
  fc.constantFrom('1', '2', '3').map((datasetVersion) => aFacet({ datasetVersion })),
)

const documentation = mostly(
  'documentation',
  fc.constantFrom('one', 'two').map((description) => aFacet({ description })),
)
const stranger = fc.constantFrom(1, 2).map((n): Facets => ({ stranger: aFacet({ n }) }))

const transformation = fc.constantFrom<JsonObject>(
  { type: 'DIRECT', subtype: 'IDENTITY' },
  { type: 'DIRECT', subtype: 'IDENTITY', masking: true, description: 'hashed' },
  { type: 'DIRECT', subtype: 'AGGREGATION', masking: false },
  { type: 'INDIRECT', subtype: 'FILTER' },
  { type: 'INDIRECT' },
)
const source = fc
  .record({
    dataset: datasetName,
    field: columnName,
    transformations: fc.option(fc.array(transformation, { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ dataset, field, transformations }): JsonObject => ({
    ...dataset,
    field,
    ...(transformations === undefined ? {} : { transformations }),
  }))
const targetColumn = fc
  .record({
    inputFields: fc.array(source, { maxLength: 2 }),
    deprecated: fc.constantFrom<JsonObject>(
      {},
      {},
      { transformationType: 'IDENTITY' },
      { transformationType: 'MASKED', transformationDescription: 'hashed' },
    ),
  })
  .map(({ inputFields, deprecated }): JsonObject => ({ inputFields, ...deprecated }))
const columnLineage = mostly(
  'columnLineage',
  fc
    .record({
      fields: fc.dictionary(columnName, targetColumn, { maxKeys: 2 }),
      dataset: fc.option(fc.array(source, { maxLength: 2 }), { nil: undefined }),
    })
    .map(({ fields, dataset }) => aFacet({ fields, ...(dataset === undefined ? {} : { dataset }) })),
)

/** The facets of several kinds, each there or not. */
function someOf(...kinds: fc.Arbitrary<Facets>[]): fc.Arbitrary<Facets> {
  return fc
    .tuple(...kinds.map((kind) => fc.option(kind, { nil: {}, freq: 2 })))
    .map((parts) => Object.assign({}, ...parts) as Facets)
}

const statistics = fc.integer({ min: 1, max: 3 }).map((rowCount) => aFacet({ rowCount, fileCount: 1 }))
const inputFacets = fc.option(
  statistics.map((inputStatistics) => ({ inputStatistics, stranger: inputStatistics })),
  { nil: {} },
)
const outputFacets = fc.option(
  statistics.map((outputStatistics) => ({ outputStatistics })),
  { nil: {} },
)

export const input = fc
  .record({ dataset: datasetName, facets: someOf(schema, version, documentation), inputFacets })
  .map(({ dataset, ...facets }) => ({ ...dataset, ...facets }))
export const output = fc
  .record({
    dataset: datasetName,
    facets: someOf(schema, version, lifecycle, columnLineage, documentation),
    outputFacets,
  })
  .map(({ dataset, ...facets }) => ({ ...dataset, ...facets }))
export const datasetFacets = someOf(schema, documentation, stranger)

const sql = mostly(
  'sql',
  fc.constantFrom('SELECT 1 FROM a', 'SELECT 1 FROM b').map((query) => aFacet({ query })),
)
const sourceCodeLocation = mostly(
  'sourceCodeLocation',
  fc
    .constantFrom('1.0', '2.0')
    .map((tag) => aFacet({ type: 'git', url: 'https://example.com/code', version: tag })),
)
const jobType = fc
  .constantFrom('BATCH', 'BATCH', 'STREAMING', 'SERVICE')
  .map((processingType): Facets => ({ jobType: aFacet({ processingType, integration: 'TEST' }) }))
export const jobFacets = someOf(sql, sourceCodeLocation, jobType, documentation)

const reference = fc
  .record({ runId, name: jobName })
  .map(({ runId: id, name }) => ({ run: { runId: id }, job: { namespace: 'jobs', name } }))
const parent = fc
  .record({ parent: reference, root: fc.option(reference, { nil: undefined }) })
  .map((said): Facets => ({
    parent: aFacet({ ...said.parent, ...(said.root === undefined ? {} : { root: said.root }) }),
  }))
const error = fc
  .constantFrom('boom', 'bang')
  .map((message): Facets => ({ errorMessage: aFacet({ message, programmingLanguage: 'x' }) }))
export const runFacets = someOf(parent, error)
