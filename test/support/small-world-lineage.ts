import fc from 'fast-check'
import type { Facets, JsonValue } from '../../src/openlineage/events.ts'
import { aFacet } from './events.ts'

/** What the small world says of explicit lineage: of datasets, columns and jobs that it has, or not. */
interface World {
  datasets: readonly { namespace: string; name: string }[]
  jobs: readonly string[]
  columns: readonly string[]
}

const transformations = fc.constantFrom<JsonValue>(
  [{ type: 'DIRECT', subtype: 'IDENTITY' }],
  [{ type: 'INDIRECT', subtype: 'FILTER', masking: true, description: 'x > 0' }],
  [],
)

function anyInput({ datasets, jobs, columns }: World): fc.Arbitrary<Facets> {
  const dataset = fc
    .record({
      named: fc.constantFrom(...datasets),
      field: fc.option(fc.constantFrom(...columns)),
      transformations,
    })
    .map(({ named, field, transformations: how }) => ({
      type: 'DATASET',
      ...named,
      transformations: how,
      ...(field === null ? {} : { field }),
    }))
  const job = fc
    .record({ name: fc.option(fc.constantFrom(...jobs)), transformations })
    .map(({ name, transformations: how }) => ({
      type: 'JOB',
      transformations: how,
      ...(name === null ? {} : { namespace: 'jobs', name }),
    }))
  return fc.oneof({ arbitrary: dataset, weight: 3 }, { arbitrary: job, weight: 1 })
}

function anyStatement(world: World): fc.Arbitrary<Facets> {
  const inputs = fc.array(anyInput(world), { maxLength: 2 })
  return fc.record(
    { inputs, fields: fc.dictionary(fc.constantFrom(...world.columns), fc.record({ inputs })) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Facets>
}

/** The `lineage` facet of a job. */
export function anyJobLineage(world: World): fc.Arbitrary<Facets> {
  const ofDataset = fc
    .record({ named: fc.constantFrom(...world.datasets), said: anyStatement(world) })
    .map(({ named, said }) => ({ type: 'DATASET', ...named, ...said }))
  const ofJob = fc
    .record({
      name: fc.option(fc.constantFrom(...world.jobs)),
      inputs: fc.array(anyInput(world), { maxLength: 2 }),
    })
    .map(({ name, inputs }) => ({
      type: 'JOB',
      inputs,
      ...(name === null ? {} : { namespace: 'jobs', name }),
    }))
  return fc
    .array(fc.oneof({ arbitrary: ofDataset, weight: 4 }, { arbitrary: ofJob, weight: 1 }), { maxLength: 2 })
    .map((entries) => ({ lineage: aFacet({ entries }) }))
}

/** The `lineage` facet of a dataset, or the end of it. */
export function anyDatasetLineage(world: World): fc.Arbitrary<Facets> {
  const said = anyStatement(world).map((statement) => ({ lineage: aFacet(statement) }))
  return fc.oneof(
    { arbitrary: said, weight: 4 },
    { arbitrary: fc.constant({ lineage: { _deleted: true } }), weight: 1 },
  )
}

/** A dataset that had the name of another, or was dropped. */
export function anyRename({ datasets }: World): fc.Arbitrary<Facets> {
  return fc.constantFrom(...datasets).map((previousIdentifier) => ({
    lifecycleStateChange: aFacet({
      lifecycleStateChange: 'RENAME',
      previousIdentifier,
    }),
  }))
}
