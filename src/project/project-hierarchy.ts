import type { RunReference } from '../openlineage/facet-types.ts'
import { pointerTo } from '../openlineage/json-pointer.ts'
import { isNodeName, isUnknownJob, toEntityKey, type EntityName } from '../openlineage/keys.ts'
import { isRunId, normaliseRunId } from '../openlineage/run-id.ts'
import { emptyRun, type AccumulatedRun, type ForwardedRun } from './accumulated-run.ts'
import type { Claim } from './clock.ts'
import { readFacet, toFacetRegisters, type StatedFacets } from './facet-registers.ts'
import { addJob, addRun, addRunFacets, type Facts } from './facts.ts'
import { toErrorClaim, toUserClaim } from './run-claims.ts'
import { forwardedJobStanding } from './standing.ts'
import { stateCode } from './state-code.ts'
import type { Saying } from './saying.ts'

/**
 * Adds what the `parent` facet says: the parent and root runs with their jobs, as stubs until they speak for themselves, what it
 * forwards of their facets, and the job's place within the parent's job.
 * @returns what the run claims of its own parent and root
 */
export function projectHierarchy(
  facts: Facts,
  { runId, job, facets, saying }: { runId: string; job: EntityName; facets: StatedFacets; saying: Saying },
): Pick<AccumulatedRun, 'parent' | 'root'> {
  const parent = readFacet(facets, 'parent')
  if (parent === undefined || !isNode(parent)) return {}
  const root = parent.root !== undefined && isNode(parent.root) ? parent.root : undefined
  const pointer = pointerTo(facets.pointer, 'parent')
  mention(facts, parent, { pointer, saying })
  if (root !== undefined) mention(facts, root, { pointer: pointerTo(pointer, 'root'), saying })
  const isNamed = !isUnknownJob(job) && !isUnknownJob(parent.job)
  const [child, parentJob] = [toEntityKey(job), toEntityKey(parent.job)]
  if (isNamed && child !== parentJob)
    facts.hierarchy.set(`${child} ${parentJob}`, { child, parent: parentJob })
  return {
    parent: toClaim(parent, { runId, saying }),
    root: root === undefined ? undefined : toClaim(root, { runId, saying }),
  }
}

function isNode({ run, job }: RunReference): boolean {
  return isNodeName(job) && isRunId(run.runId)
}

function mention(
  facts: Facts,
  { run, job }: RunReference,
  { pointer, saying }: { pointer: string; saying: Saying },
): void {
  const { time, clock, broken } = saying
  const toStated = (part: 'run' | 'job', facets: StatedFacets['facets']): StatedFacets => ({
    facets,
    where: part,
    isForwarded: true,
    pointer: pointerTo(pointerTo(pointer, part), 'facets'),
    broken,
  })
  const [runFacets, jobFacets] = [toStated('run', run.facets), toStated('job', job.facets)]
  addJob(facts, toEntityKey(job), {
    first: time,
    last: undefined,
    facets: isUnknownJob(job) ? new Map() : toFacetRegisters(jobFacets, saying),
  })
  const { namespace, name } = job
  const fact = addRun(facts, normaliseRunId(run.runId), {
    ...emptyRun(),
    job: { standing: forwardedJobStanding(job), clock, value: { namespace, name } },
    forwarded: stateForwarded({ runFacets, jobFacets }, saying),
  })
  addRunFacets(facts, fact, toFacetRegisters(runFacets, saying))
}

function stateForwarded(
  { runFacets, jobFacets }: { runFacets: StatedFacets; jobFacets: StatedFacets },
  saying: Saying,
): ForwardedRun | undefined {
  if (runFacets.facets === undefined && jobFacets.facets === undefined) return undefined
  const forwarded = {
    processingType: stateCode(jobFacets, saying).processingType,
    user: toUserClaim(runFacets, saying),
    error: toErrorClaim(runFacets, saying),
  }
  return Object.values(forwarded).some((claim) => claim !== undefined) ? forwarded : undefined
}

/** A run is neither its own parent nor its own root; a parent whose job is "unknown" gives way to a named one. */
function toClaim(
  { run, job }: RunReference,
  { runId, saying }: { runId: string; saying: Saying },
): Claim<string> | undefined {
  const other = normaliseRunId(run.runId)
  if (other === runId) return undefined
  return { standing: isUnknownJob(job) ? 0 : 1, clock: saying.clock, value: other }
}
