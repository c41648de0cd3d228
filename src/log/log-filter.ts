import type { Instant } from '../openlineage/time.ts'

/** Which events of the log are wanted; what is undefined does not matter. */
export interface LogFilter {
  /** The earliest eventTime. */
  from?: Instant | undefined
  /** Events of this eventTime and later ones are left out. */
  before?: Instant | undefined
  /** A part of the producer, such as `integration/spark`. */
  producer?: string | undefined
  /** RunEvents whose run belongs to the job, and its JobEvents. */
  job?: { namespace: string | undefined; name: string | undefined } | undefined
}
