import type { GraphTransaction } from './connection.ts'
import { cypher } from './cypher.ts'

/** A rebuild is emptying the graph: what is merged now would find half of what it stands on. It passes. */
export class WipeUnderWay extends Error {
  override readonly name = 'WipeUnderWay'

  constructor() {
    super(
      'The graph is being emptied by a rebuild. Where none runs it was interrupted: run `headwater rebuild` again.',
    )
  }
}

const findWipeStatement = cypher`
  MATCH (r:Rebuild {id: 'graph'})
  USING INDEX SEEK r:Rebuild(id)
  RETURN r.phase AS phase
`

/**
 * Keeps every merge out, and whoever links names, while a rebuild empties the graph: the pause of the queue stops only the workers of that queue, and only
 * those that still hear Redis.
 * @throws {WipeUnderWay} while it does
 */
export async function refuseDuringWipe(tx: GraphTransaction): Promise<void> {
  const [row] = await tx.run(findWipeStatement)
  if (row?.['phase'] === 'WIPING') throw new WipeUnderWay()
}
