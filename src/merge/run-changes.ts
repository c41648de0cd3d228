import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { joinRuns, type AccumulatedRun } from '../project/accumulated-run.ts'
import { decodeRun } from '../project/decode-run.ts'
import { deriveRun, type DerivedRun } from '../project/derive-run.ts'
import { encodeRun } from '../project/encode-run.ts'
import type { Facts, RunFact } from '../project/facts.ts'
import { toFacetChanges, type FacetChanges } from './facet-changes.ts'
import { toInterpretedProperties } from './interpreted-properties.ts'
import type { StoredRun } from './lock-nodes.ts'
import { isEmpty, toChangedProperties, toStoredProperties, type Properties } from './properties.ts'
import { toSideFacetProperties } from './side-facets.ts'
import { toTestChanges, type TestChange } from './test-changes.ts'

/** What a batch makes of one run: what followed from it before, and what follows from it now. */
export interface RunChange {
  runId: string
  before: DerivedRun
  after: DerivedRun
  properties: Properties
  facets: FacetChanges
  reads: DatasetChange[]
  writes: DatasetChange[]
  tests: TestChange[]
}

/** Properties to set on a READ or WROTE relationship, made where it is not there. */
export interface DatasetChange {
  dataset: EntityKey
  properties: Properties
}

/** Joins what the batch says of the locked runs with what they had said before. */
export function toRunChanges(facts: Facts, stored: ReadonlyMap<string, StoredRun>): RunChange[] {
  return [...stored].flatMap(([runId, storedRun]) => {
    const fact = facts.runs.get(runId)
    return fact === undefined ? [] : [toRunChange(runId, fact, storedRun)]
  })
}

function toRunChange(runId: string, fact: RunFact, stored: StoredRun): RunChange {
  const accumulatedBefore = decodeRun(stored.accumulated)
  const accumulated = stored.accumulated === undefined ? fact.said : joinRuns(accumulatedBefore, fact.said)
  const before = deriveRun(runId, accumulatedBefore)
  const after = deriveRun(runId, accumulated)
  const facets = toFacetChanges(stored, fact.facets)
  const encoded = encodeRun(accumulated)
  return {
    runId,
    before,
    after,
    properties: {
      ...toStoredProperties(toChangedProperties(toNodeProperties(before), toNodeProperties(after))),
      ...facets.properties,
      ...toInterpretedProperties('run', facets.changed),
      ...(encoded === stored.accumulated ? {} : { accumulated: encoded }),
    },
    facets,
    reads: toReadChanges({ accumulatedBefore, accumulated, before, after, fact }),
    writes: toWriteChanges({ accumulatedBefore, accumulated, before, after, fact }),
    tests: toTestChanges(facets, { accumulatedBefore, accumulated, fact }),
  }
}

function toNodeProperties({
  job,
  state,
  startedAt,
  endedAt,
  durationMs,
  user,
  errorMessage,
}: DerivedRun): Record<string, unknown> {
  // The job's name once more, for the index by which the newest of its runs are found.
  const { namespace: jobNamespace, name: jobName } = job === undefined ? {} : fromEntityKey(job)
  return { jobNamespace, jobName, state, startedAt, endedAt, durationMs, user, errorMessage }
}

interface Sides {
  accumulatedBefore: AccumulatedRun
  accumulated: AccumulatedRun
  before: DerivedRun
  after: DerivedRun
  fact: RunFact
}

function toReadChanges({ accumulatedBefore, accumulated, before, after, fact }: Sides): DatasetChange[] {
  return [...after.reads].flatMap(([dataset, read]) => {
    const facets = toSideFacetProperties('read', {
      before: accumulatedBefore.inputs[dataset]?.facets,
      after: accumulated.inputs[dataset]?.facets,
      said: fact.inputFacets.get(dataset),
    })
    const properties = { ...toChangedProperties({ ...before.reads.get(dataset) }, { ...read }), ...facets }
    return isEmpty(properties) ? [] : [{ dataset, properties: toStoredProperties(properties) }]
  })
}

function toWriteChanges({ accumulatedBefore, accumulated, before, after, fact }: Sides): DatasetChange[] {
  return [...after.writes].flatMap(([dataset, write]) => {
    const facets = toSideFacetProperties('write', {
      before: accumulatedBefore.outputs[dataset]?.facets,
      after: accumulated.outputs[dataset]?.facets,
      said: fact.outputFacets.get(dataset),
    })
    const properties = { ...toChangedProperties({ ...before.writes.get(dataset) }, { ...write }), ...facets }
    return isEmpty(properties) ? [] : [{ dataset, properties: toStoredProperties(properties) }]
  })
}
