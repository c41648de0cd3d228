import type { EventType, RunEvent } from '../openlineage/events.ts'
import type { InterpretedFacets } from '../openlineage/facet-types.ts'
import { facetProperty } from '../openlineage/facets.ts'
import { isUnknownJob, toEntityKey, type EntityKey, type EntityName } from '../openlineage/keys.ts'
import { normaliseRunId } from '../openlineage/run-id.ts'
import type { AccumulatedInput, AccumulatedOutput, AccumulatedRun } from './accumulated-run.ts'
import { toRegister, type Register } from './clock.ts'
import {
  joinFacetRegisters,
  readFacet,
  toFacetRegisters,
  type FacetRegisters,
  type StatedFacets,
} from './facet-registers.ts'
import { addDataset, addJob, addRun, addRunFacets, type Facts } from './facts.ts'
import { nameInInputFacets } from './named-in-facets.ts'
import { projectControlFlow } from './project-control-flow.ts'
import {
  lastThatStates,
  projectDatasets,
  unitedDatasets,
  type DatasetStatement,
  type UnitedDataset,
} from './project-datasets.ts'
import { toPreviousName } from './lifecycle.ts'
import { projectHierarchy } from './project-hierarchy.ts'
import { toErrorClaim, toUserClaim } from './run-claims.ts'
import { ownJobStanding } from './standing.ts'
import { stateCode } from './state-code.ts'
import { stateJobLineage } from './state-lineage.ts'
import type { Saying } from './saying.ts'
import { emptyRecord, toRecord } from './to-record.ts'

/** Adds what a RunEvent says: of its run, its job, their datasets, parents and neighbours. */
export function projectRun(
  facts: Facts,
  { event, eventType, saying }: { event: RunEvent; eventType: EventType; saying: Saying },
): void {
  const { time, broken } = saying
  const runFacets: StatedFacets = { facets: event.run.facets, where: 'run', pointer: '#/run/facets', broken }
  const jobFacets: StatedFacets = { facets: event.job.facets, where: 'job', pointer: '#/job/facets', broken }
  const isUnknown = isUnknownJob(event.job)
  // Facets that Spark sends with its first, nameless event belong to a job we do not know yet.
  const facetsOfJob: FacetRegisters = isUnknown ? new Map() : toFacetRegisters(jobFacets, saying)
  addJob(facts, toEntityKey(event.job), { first: time, last: time, facets: facetsOfJob })

  const united = unitedDatasets(event, broken)
  const datasets = projectDatasets(facts, united, saying)
  const own = stateRun(event, { eventType, saying })
  const code = stateCode(jobFacets, saying)
  const runId = normaliseRunId(event.run.runId)
  const claims = projectHierarchy(facts, { runId, job: event.job, facets: runFacets, saying })
  // Written out: of each that is put together from others V8 makes a kind of object of its own.
  const said: AccumulatedRun = {
    job: own.job,
    first: own.first,
    last: own.last,
    start: own.start,
    ends: own.ends,
    newest: own.newest,
    parent: claims.parent,
    root: claims.root,
    processingType: code.processingType,
    sql: code.sql,
    source: code.source,
    lineage: toLineageSet(stateJobLineage(facts, { job: event.job, facets: jobFacets }, saying)),
    user: toUserClaim(runFacets, saying),
    error: toErrorClaim(runFacets, saying),
    forwarded: undefined,
    inputs: toEach(datasets.inputs, (key, statement) =>
      stateInput(united.inputs.get(key), statement, saying),
    ),
    outputs: toEach(datasets.outputs, (key, statement) =>
      stateOutput(facts, { key, dataset: united.outputs.get(key), statement }, saying),
    ),
  }
  const fact = addRun(facts, runId, said)
  addRunFacets(facts, fact, toFacetRegisters(runFacets, saying))
  for (const [key, { sideFacets }] of datasets.inputs) {
    addSideFacets(fact.inputFacets, key, sideFacets)
    nameInInputFacets(facts.named, { dataset: key, at: time }, sideFacets)
  }
  for (const [key, { sideFacets }] of datasets.outputs) addSideFacets(fact.outputFacets, key, sideFacets)
  if (!isUnknown) projectControlFlow(facts, { job: event.job, eventType, runFacets, jobFacets, saying })
}

function stateRun(
  { job }: { job: EntityName },
  { eventType, saying: { time, clock } }: { eventType: EventType; saying: Saying },
): Pick<AccumulatedRun, 'job' | 'first' | 'last' | 'start' | 'ends' | 'newest'> {
  const isEnd = eventType === 'COMPLETE' || eventType === 'ABORT' || eventType === 'FAIL'
  const { namespace, name } = job
  return {
    job: { standing: ownJobStanding(job), clock, value: { namespace, name } },
    first: time,
    last: time,
    start: eventType === 'START' ? time : undefined,
    ends: isEnd ? { [eventType]: time } : {},
    newest: eventType === 'OTHER' ? undefined : { clock, value: eventType },
  }
}

function stateInput(
  dataset: UnitedDataset | undefined,
  statement: DatasetStatement,
  { time, clock }: Saying,
): AccumulatedInput {
  const version = readLast(dataset, 'version')?.datasetVersion
  const hasNoSchema = statement.facets.get('schema')?.deleted === true
  return {
    at: time,
    versions: toRecord(version === undefined ? [] : [[version, clock]]),
    // An empty list of fields says nothing of what was read; a deleted facet takes back what was said.
    schema: toRegister(hasNoSchema ? null : (statement.schema ?? undefined), clock),
    facets: toSideRegisters(statement.sideFacets, clock),
  }
}

function stateOutput(
  facts: Facts,
  {
    key,
    dataset,
    statement,
  }: { key: EntityKey; dataset: UnitedDataset | undefined; statement: DatasetStatement },
  { time, clock }: Saying,
): AccumulatedOutput {
  const lifecycle = readLast(dataset, 'lifecycleStateChange')
  const version = readLast(dataset, 'version')
  const renamedFrom = toPreviousName(key, lifecycle ?? undefined)
  if (renamedFrom !== undefined) addDataset(facts, renamedFrom, { at: time })
  return {
    at: time,
    version: toRegister(version === null ? null : version?.datasetVersion, clock),
    schema: toRegister(statement.schema, clock),
    columnLineage: toRegister(statement.columnLineage, clock),
    change: toRegister(lifecycle === null ? null : lifecycle?.lifecycleStateChange, clock),
    renamedFrom: toRegister(renamedFrom, clock),
    facets: toSideRegisters(statement.sideFacets, clock),
  }
}

function toLineageSet(keys: string[]): Record<string, true> | undefined {
  return keys.length === 0 ? undefined : toRecord(keys.map((key) => [key, true]))
}

/** What the last statement of a facet says; null where it says nothing, being deleted or broken; undefined where there is none. */
function readLast<K extends keyof InterpretedFacets>(
  dataset: UnitedDataset | undefined,
  key: K,
): InterpretedFacets[K] | null | undefined {
  const stated = lastThatStates(dataset?.facets ?? [], key)
  return stated === undefined ? undefined : (readFacet(stated, key) ?? null)
}

/** Known facets by the key of their content; a stranger's as its text, since strangers share one property of the relationship. */
function toSideRegisters(facets: FacetRegisters, clock: string): Record<string, Register<string>> {
  const registers = emptyRecord<Register<string>>()
  for (const [key, { hash, text }] of facets) {
    const value = facetProperty(key) === undefined ? text : hash
    registers[key] = { clock, value: value ?? '' }
  }
  return registers
}

function toEach<T, R>(
  from: Map<EntityKey, T>,
  convert: (key: EntityKey, value: T) => R,
): Record<EntityKey, R> {
  const converted = emptyRecord<R>()
  for (const [key, value] of from) converted[key] = convert(key, value)
  return converted
}

function addSideFacets(into: Map<EntityKey, FacetRegisters>, key: EntityKey, from: FacetRegisters): void {
  const present = into.get(key) ?? new Map()
  joinFacetRegisters(present, from)
  into.set(key, present)
}
