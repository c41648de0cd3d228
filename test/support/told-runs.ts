import type { Facets, LineageEvent } from '../../src/openlineage/events.ts'
import { aFacet, aRunEvent } from './events.ts'

/** A run told by its START and its end, as tests of histories need many. */
export interface ToldRun {
  /** `3.08`: the third day, from 8 o'clock on for ten minutes. */
  when: string
  job: string
  jobNamespace?: string
  end?: 'COMPLETE' | 'FAIL' | 'none'
  sql?: string
  sourceVersion?: string
  error?: string
  inputs?: ToldDataset[]
  outputs?: ToldDataset[]
}

export interface ToldDataset {
  name: string
  namespace?: string
  version?: string
  change?: string
  renamedFrom?: string
  columns?: string[]
  rows?: number
  symlink?: { namespace: string; name: string }
}

export const dbNamespace = 'postgres://db:5432'

/** The id of the run of a job at a time. */
export function runIdOf({ job, when }: Pick<ToldRun, 'job' | 'when'>): string {
  const digits = Buffer.from(`${when} ${job}`).toString('hex').padEnd(32, '0')
  const last = Buffer.from(`${job} ${when}`).toString('hex').slice(-12).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7${digits.slice(12, 15)}-8${digits.slice(15, 18)}-${last}`
}

export function toldRun(run: ToldRun): LineageEvent[] {
  const { when, job, jobNamespace = 'etl', end = 'COMPLETE', inputs = [], outputs = [] } = run
  const [day = '1', hour = '08'] = when.split('.')
  const at = (minute: string) => `2026-03-${day.padStart(2, '0')}T${hour}:${minute}:00Z`
  const said = {
    run: {
      runId: runIdOf(run),
      facets:
        run.error === undefined
          ? {}
          : { errorMessage: aFacet({ message: run.error, programmingLanguage: 'SQL' }) },
    },
    job: { namespace: jobNamespace, name: job, facets: toJobFacets(run) },
    inputs: inputs.map(toInput),
    outputs: outputs.map(toOutput),
  }
  const start = aRunEvent({ ...said, eventType: 'START', eventTime: at('00') })
  return end === 'none' ? [start] : [start, aRunEvent({ ...said, eventType: end, eventTime: at('10') })]
}

function toJobFacets({ sql, sourceVersion }: ToldRun): Facets {
  const location = { type: 'git', url: 'https://git.example.com/etl', version: sourceVersion ?? '' }
  return {
    jobType: aFacet({ processingType: 'BATCH', integration: 'AIRFLOW', jobType: 'TASK' }),
    ...(sql !== undefined && { sql: aFacet({ query: sql }) }),
    ...(sourceVersion !== undefined && { sourceCodeLocation: aFacet(location) }),
  }
}

function toInput(dataset: ToldDataset) {
  const { rows } = dataset
  return {
    ...toNamed(dataset),
    ...(rows !== undefined && { inputFacets: { inputStatistics: aFacet({ rowCount: rows }) } }),
  }
}

function toOutput(dataset: ToldDataset) {
  const { rows } = dataset
  return {
    ...toNamed(dataset),
    ...(rows !== undefined && { outputFacets: { outputStatistics: aFacet({ rowCount: rows }) } }),
  }
}

function toNamed(dataset: ToldDataset) {
  const { name, namespace = dbNamespace, version, change, columns, renamedFrom, symlink } = dataset
  const previousIdentifier = { name: renamedFrom ?? '', namespace }
  const lifecycle = {
    lifecycleStateChange: change ?? '',
    ...(renamedFrom !== undefined && { previousIdentifier }),
  }
  const facets: Facets = {
    ...(version !== undefined && { version: aFacet({ datasetVersion: version }) }),
    ...(change !== undefined && { lifecycleStateChange: aFacet(lifecycle) }),
    ...(columns !== undefined && { schema: aFacet({ fields: columns.map(toField) }) }),
    ...(symlink !== undefined && { symlinks: aFacet({ identifiers: [{ ...symlink, type: 'TABLE' }] }) }),
  }
  return { namespace, name, facets }
}

/** `id:bigint`, or `id` for a text. */
function toField(column: string) {
  const [name = '', type = 'text'] = column.split(':')
  return { name, type }
}
