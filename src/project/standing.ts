import { isUnknownJob, type EntityName } from '../openlineage/keys.ts'

/**
 * How much a statement of a run's job counts: a real name beats "unknown", and of two real names the run's own events beat
 * what others forward of it.
 */
const standings = { unknownForwarded: 0, unknownOwn: 1, forwarded: 2, own: 3 }

export function ownJobStanding(job: EntityName): number {
  return isUnknownJob(job) ? standings.unknownOwn : standings.own
}

export function forwardedJobStanding(job: EntityName): number {
  return isUnknownJob(job) ? standings.unknownForwarded : standings.forwarded
}
