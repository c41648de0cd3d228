import { compareTexts, greatest, type Told } from './clock.ts'
import { contentOf } from './content.ts'
import { type Field, fieldsOf } from './fields.ts'
import { isDatasetEvent } from './kinds.ts'
import { textOf } from './json.ts'
import type { Written } from './run-datasets.ts'
import type { Run } from './runs.ts'
import { current, inputsOf, type Name, nameOf, outputsOf, type Said } from './said.ts'
import { lastSchema, type Schema, schemaSaid } from './schemas.ts'

export interface Dataset {
  dataset: Name
  versions: Version[]
  droppedAt: bigint | undefined
  description: string | undefined
  fields: Field[]
}

/** What a completed run has made of the dataset. */
export interface Version {
  run: Run
  version: string
  writtenAt: bigint
  change: string
  isAssumed: boolean
  schema: Schema | undefined
}

export function datasetsOf(told: readonly Told[], runs: readonly Run[]): Dataset[] {
  const sides = told.flatMap((one) => [...inputsOf(one), ...outputsOf(one)])
  const declared = told.flatMap(({ event, clock }) =>
    isDatasetEvent(event)
      ? [{ dataset: nameOf(event.dataset), facets: event.dataset.facets ?? {}, clock }]
      : [],
  )
  const columns = told.flatMap((one) => contentOf([one]).columns)
  const names = new Set([
    ...[...sides, ...declared].map(({ dataset }) => dataset),
    ...columns.map((column) => column.slice(0, column.indexOf('#'))),
  ])
  return [...names].toSorted().map((dataset) => {
    const versions = runs.flatMap((run) => versionsOf(run, dataset))
    const saidHere = [...sides, ...declared].filter((said) => said.dataset === dataset)
    const seen = saidHere.flatMap((said) => schemaSaid([said]) ?? [])
    const named = columns.filter((column) => column.startsWith(`${dataset}#`))
    const stated = statedSchema(
      versions,
      declared.filter((said) => said.dataset === dataset),
    )
    return {
      dataset,
      versions,
      droppedAt: droppedAt(versions),
      description: textOf(current(saidHere, 'documentation')?.facet['description']),
      fields: fieldsOf(
        stated,
        seen,
        named.map((column) => column.slice(dataset.length + 1)),
      ),
    }
  })
}

function versionsOf(run: Run, dataset: Name): Version[] {
  if (run.state !== 'COMPLETE') return []
  return run.outputs.filter((output) => output.dataset === dataset).map((output) => toVersion(run, output))
}

function toVersion(run: Run, { version, change, schema }: Written): Version {
  return {
    run,
    version: version ?? run.runId,
    writtenAt: run.endedAt ?? 0n,
    change: change ?? 'APPEND',
    isAssumed: change === undefined,
    schema: change === 'DROP' ? undefined : schema,
  }
}

function compareVersions(a: Version, b: Version): number {
  if (a.writtenAt !== b.writtenAt) return a.writtenAt < b.writtenAt ? -1 : 1
  return compareTexts(a.run.runId, b.run.runId)
}

function droppedAt(versions: readonly Version[]): bigint | undefined {
  const last = greatest(versions, compareVersions)
  return last?.change === 'DROP' ? last.writtenAt : undefined
}

/** The newest of what completed runs wrote and DatasetEvents declared. */
function statedSchema(versions: readonly Version[], declared: readonly Said[]): Schema | undefined {
  const written = greatest(
    versions.filter(({ schema }) => schema !== undefined),
    compareVersions,
  )
  const stated = lastSchema(declared)
  if (written === undefined) return stated?.schema
  return stated !== undefined && written.writtenAt < stated.clock.time ? stated.schema : written.schema
}
