import { createHash } from 'node:crypto'
import type { Facets } from '../../src/openlineage/events.ts'
import { aFacet } from './events.ts'

/*
 * A warehouse of layers that runs every day: DAGs of jobs, each with its tables, columns and SQL, whose runs fail now and then, whose
 * schemas and code change, whose tables are named twice, dropped and made again. The same count gives the same texts.
 */

const layers = 6
const jobsOfLayer = 50
const jobsOfDag = 20
const sources = 30
const firstDay = Date.parse('2026-03-01T00:00:00Z')
const dayMs = 86_400_000
/** Events come late by up to so many places. */
const shuffleWindow = 40

interface Table {
  name: string
  columns: string[]
}

interface WarehouseJob {
  number: number
  layer: number
  name: string
  dag: string
  inputs: Table[]
  output: Table
}

/** As many texts of events, in the order in which they arrive. */
export function generatedTexts(count: number): string[] {
  const jobs = toJobs()
  const texts: string[] = []
  for (let day = 0; texts.length < count; day += 1) texts.push(...dayOf(day, jobs))
  return shuffledNearby(texts.slice(0, count))
}

/** Random numbers that depend on a label alone. */
function randomOf(label: string): () => number {
  let state = createHash('sha256').update(label).digest().readUInt32LE(0)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

function toJobs(): WarehouseJob[] {
  const tables: Table[][] = [Array.from({ length: sources }, (_, index) => toTable(0, index))]
  const jobs: WarehouseJob[] = []
  for (let layer = 1; layer < layers; layer += 1) {
    const below = tables[layer - 1] ?? []
    const made: Table[] = []
    for (let index = 0; index < jobsOfLayer; index += 1) {
      const number = jobs.length
      const random = randomOf(`job ${number}`)
      const inputs = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, below)))
      const output = toTable(layer, index)
      const dag = `dag_${Math.floor(number / jobsOfDag)}`
      jobs.push({ number, layer, name: `${dag}.load_${output.name}`, dag, inputs: [...inputs], output })
      made.push(output)
    }
    tables.push(made)
  }
  return jobs
}

function toTable(layer: number, index: number): Table {
  const random = randomOf(`table ${layer} ${index}`)
  const columns = Array.from({ length: 4 + Math.floor(random() * 8) }, (_, column) => `c${column}`)
  return { name: `layer${layer}.table_${index}`, columns }
}

function uuidOf(label: string): string {
  const hex = createHash('sha256').update(label).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function dayOf(day: number, jobs: readonly WarehouseJob[]): string[] {
  const midnight = firstDay + day * dayMs
  const dags = [...new Set(jobs.map(({ dag }) => dag))]
  return [
    ...dags.map((dag) => toDagText(dag, { day, eventType: 'START', at: midnight })),
    ...jobs.flatMap((job) => toJobTexts(job, day)),
    ...dags.map((dag) => toDagText(dag, { day, eventType: 'COMPLETE', at: midnight + dayMs / 2 })),
    ...toStaticTexts(day, jobs),
  ]
}

interface Moment {
  day: number
  eventType: string
  at: number
}

const core = {
  producer: 'https://example.com/generator/1.0',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json',
}
const jobNamespace = 'warehouse'
const tableNamespace = 'postgres://warehouse:5432'

function toDagText(dag: string, { day, eventType, at }: Moment): string {
  const run = { runId: uuidOf(`${dag} ${day}`), facets: {} }
  const job = { namespace: jobNamespace, name: dag, facets: toJobType('DAG') }
  return JSON.stringify({ ...core, eventTime: toTime(at), eventType, run, job, inputs: [], outputs: [] })
}

/** One run: START, sometimes RUNNING, then an end; sometimes an end after the end, as Spark has it. */
function toJobTexts(job: WarehouseJob, day: number): string[] {
  const random = randomOf(`run ${job.number} ${day}`)
  const start = firstDay + day * dayMs + job.layer * 3_600_000 + job.number * 1000
  const fate = random()
  const ends =
    fate < 0.9 ? ['COMPLETE'] : fate < 0.95 ? ['FAIL'] : fate < 0.98 ? ['FAIL', 'COMPLETE'] : ['ABORT']
  const types = ['START', ...(random() < 0.1 ? ['RUNNING'] : []), ...ends]
  return types.map((eventType, index) => toRunText(job, { day, eventType, at: start + index * 20_000 }))
}

function toRunText(job: WarehouseJob, { day, eventType, at }: Moment): string {
  const isEnd = eventType !== 'START' && eventType !== 'RUNNING'
  const random = randomOf(`event ${job.number} ${day} ${eventType}`)
  return JSON.stringify({
    ...core,
    eventTime: toTime(at),
    eventType,
    run: { runId: uuidOf(`${job.name} ${day}`), facets: toRunFacets(job, { day, eventType, at }) },
    job: { namespace: jobNamespace, name: job.name, facets: toJobFacets(job, day) },
    inputs: job.inputs.map((table) => ({
      namespace: tableNamespace,
      name: table.name,
      facets: {
        ...toSchema(table, day),
        ...(random() < 0.1 && { version: aFacet({ datasetVersion: String(day) }) }),
      },
      inputFacets: { inputStatistics: aFacet({ rowCount: Math.floor(random() * 1e6) }) },
    })),
    outputs: [
      {
        namespace: tableNamespace,
        name: job.output.name,
        facets: {
          ...toSchema(job.output, day),
          ...toChange(random()),
          ...(isEnd && toColumnLineage(job)),
          ...(job.number % 7 === 0 && toSymlink(job.output)),
          ...(job.number % 5 === 0 && { version: aFacet({ datasetVersion: `${day}-${job.number}` }) }),
        },
        ...(isEnd && {
          outputFacets: { outputStatistics: aFacet({ rowCount: Math.floor(random() * 1e6) }) },
        }),
      },
    ],
  })
}

function toRunFacets(job: WarehouseJob, { day, eventType }: Moment): Facets {
  const dagRun = {
    run: { runId: uuidOf(`${job.dag} ${day}`) },
    job: { namespace: jobNamespace, name: job.dag },
  }
  const midnight = firstDay + day * dayMs
  const nominal = { nominalStartTime: toTime(midnight), nominalEndTime: toTime(midnight + dayMs) }
  const message = `run ${day} of ${job.name} failed`
  return {
    parent: aFacet({ ...dagRun, root: dagRun }),
    nominalTime: aFacet(nominal),
    processing_engine: aFacet({ version: day < 20 ? '3.5.1' : '3.5.2', name: 'spark' }),
    ...(eventType === 'FAIL' && { errorMessage: aFacet({ message, programmingLanguage: 'SQL' }) }),
  }
}

/** Code changes every ten days for some jobs; owners and tags come and go. */
function toJobFacets(job: WarehouseJob, day: number): Facets {
  const release = job.number % 4 === 0 ? Math.floor(day / 10) : 0
  const query = `INSERT INTO ${job.output.name} SELECT ${job.output.columns.join(', ')} FROM ${job.inputs.map(({ name }) => name).join(' JOIN ')} -- ${release}`
  const owner = { name: `team:${(job.number + Math.floor(day / 15)) % 5}`, type: 'MAINTAINER' }
  const tag = { key: 'tier', value: String(job.number % 3), source: 'GENERATOR' }
  return {
    ...toJobType('SQL_JOB'),
    sql: aFacet({ query }),
    ...(job.number % 3 === 0 && { ownership: aFacet({ owners: [owner] }) }),
    ...(job.number % 6 === 0 && { tags: day % 9 === 8 ? { _deleted: true } : aFacet({ tags: [tag] }) }),
  }
}

function toJobType(jobType: string): Facets {
  return { jobType: aFacet({ processingType: 'BATCH', integration: 'GENERATOR', jobType }) }
}

/** Every table gets a column after some days, and some lose one. */
function toSchema({ name, columns }: Table, day: number): Facets {
  const added = day >= 5 + (name.length % 10) ? ['added'] : []
  const kept = day >= 15 && columns.length % 3 === 0 ? columns.slice(1) : columns
  const fields = [...kept, ...added].map((column) => ({ name: column, type: 'VARCHAR', description: column }))
  return { schema: aFacet({ fields }) }
}

function toChange(random: number): Facets {
  const change = random < 0.5 ? 'OVERWRITE' : random < 0.52 ? 'DROP' : random < 0.54 ? 'CREATE' : undefined
  return change === undefined ? {} : { lifecycleStateChange: aFacet({ lifecycleStateChange: change }) }
}

function toColumnLineage({ number, inputs, output }: WarehouseJob): Facets {
  const random = randomOf(`columns ${number}`)
  const toInput = (type: string, subtype: string) => {
    const table = pick(random, inputs)
    const field = pick(random, table.columns)
    return { namespace: tableNamespace, name: table.name, field, transformations: [{ type, subtype }] }
  }
  const fields = Object.fromEntries(
    output.columns.map((column) => [column, { inputFields: [toInput('DIRECT', 'IDENTITY')] }]),
  )
  return { columnLineage: aFacet({ fields, dataset: [toInput('INDIRECT', 'FILTER')] }) }
}

function toSymlink({ name }: Table): Facets {
  const identifiers = [{ namespace: 's3://warehouse', name: name.replace('.', '/'), type: 'LOCATION' }]
  return { symlinks: aFacet({ identifiers }) }
}

/** What is declared without running: a table's documentation, a job's new plan. */
function toStaticTexts(day: number, jobs: readonly WarehouseJob[]): string[] {
  const at = firstDay + day * dayMs + dayMs / 3
  const random = randomOf(`static ${day}`)
  const documented = Array.from({ length: 5 }, () => pick(random, jobs).output)
  const declared = Array.from({ length: 3 }, () => pick(random, jobs))
  return [
    ...documented.map((table, index) => {
      const facets = { ...toSchema(table, day), documentation: aFacet({ description: `as of day ${day}` }) }
      const dataset = { namespace: tableNamespace, name: table.name, facets }
      return JSON.stringify({ ...core, eventTime: toTime(at + index), dataset })
    }),
    ...declared.map(({ name, inputs, output }, index) => {
      const job = { namespace: jobNamespace, name: `${name}.planned`, facets: toJobType('PLAN') }
      const outputs = [toNamed(output)]
      const eventTime = toTime(at + 100 + index)
      return JSON.stringify({ ...core, eventTime, job, inputs: inputs.map(toNamed), outputs })
    }),
  ]
}

function toNamed({ name }: Table): { namespace: string; name: string } {
  return { namespace: tableNamespace, name }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}

function shuffledNearby(texts: readonly string[]): string[] {
  const random = randomOf('arrival')
  return texts
    .map((text, index) => ({ text, place: index + random() * shuffleWindow }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ text }) => text)
}
