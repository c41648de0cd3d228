import type { Config } from '../config.ts'
import { instantOf, type Instant } from '../openlineage/time.ts'
import type { RetentionLimits } from '../retention/retain.ts'
import { createFactsOfLog } from './facts-of-log.ts'

const HOUR_MS = 3_600_000

type Days = Pick<Config, 'retentionEventsDays' | 'retentionRunsDays' | 'retentionVersionsDays'>

/** From when on the settings keep things, as of now. */
export function toRetentionLimits(
  { retentionEventsDays, retentionRunsDays, retentionVersionsDays }: Days,
  nowMs: number,
): RetentionLimits {
  const before = (days: number) => (days === 0 ? undefined : toInstantBefore(nowMs, days * 24))
  return {
    eventsBefore: before(retentionEventsDays),
    runsBefore: before(retentionRunsDays),
    versionsBefore: before(retentionVersionsDays),
  }
}

/** Whether the settings ask for anything to be removed. Versions go with their runs. */
export function isRetaining({ retentionEventsDays, retentionRunsDays }: Days): boolean {
  return retentionEventsDays > 0 || retentionRunsDays > 0
}

export function toInstantBefore(nowMs: number, hours: number): Instant {
  return instantOf(nowMs - hours * HOUR_MS)
}

/** What the events that are removed say, as a worker reads them. The schemas are loaded here: a worker needs them for nothing else. */
export async function createToFacts({ facetBytesMax }: Pick<Config, 'facetBytesMax'>) {
  const { createEventValidator } = await import('../validate/validate-event.ts')
  return createFactsOfLog({ facetBytesMax, validate: createEventValidator({ strict: false }) })
}
