import { isPassingTrouble } from '../graph/passing-trouble.ts'
import { Problem } from '../http/problem.ts'
import type { PeopleChange } from '../log/people-change.ts'

/** Notes what somebody changes, and brings it into force. False where the graph does not have what it is about. */
export type TakeChange = (change: PeopleChange) => Promise<boolean>

/** A worker may hold what is to be changed, or be in its way: it is tried again so often. */
const triesMax = 5

/**
 * A way to change things that turns the graph's trouble into the caller's words.
 * @param put undefined where the receiver was started without a Neo4j
 */
export function createTakeChange(put: TakeChange | undefined): TakeChange {
  return async (change) => {
    if (put === undefined)
      throw new Problem('graph-unavailable', {
        detail: 'This receiver was started without a Neo4j: set NEO4J_URI for it.',
      })
    for (let tries = 1; ; tries += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- tried again only where it failed
        return await put(change)
      } catch (cause) {
        if (!isPassingTrouble(cause)) throw cause
        if (tries === triesMax)
          throw new Problem('graph-unavailable', {
            detail: 'Neo4j cannot take it now. Send it again.',
            cause,
          })
      }
    }
  }
}
