import { randomUUID } from 'node:crypto'
import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'

/** What is done by one process at a time. */
export type TurnName = 'retention' | 'reaper'

/** Somebody else removes from this graph at the moment, or it must not be removed from. */
export class TurnRefused extends Error {
  override readonly name = 'TurnRefused'
}

/** Of one process: nobody else does the same meanwhile, unless this one is not heard of for a minute. */
export interface Turn {
  /**
   * Within each transaction, before it changes anything.
   * @throws {TurnRefused} where the turn has been lost, or the graph is being rebuilt
   */
  confirm: (tx: GraphTransaction) => Promise<void>
  /** One that is not done is due again at once. */
  end: (outcome: { isDone: boolean }) => Promise<void>
}

/** The holder is heard of so often; the statements give it a minute. */
const renewEveryMs = 15_000

const takeStatement = cypher`
  MERGE (t:Turn {id: $name})
  SET t.lock = true
  WITH t, (t.heldUntil IS NULL OR t.heldUntil < datetime())
    AND (t.beganAt IS NULL OR t.beganAt <= datetime() - duration({seconds: $everySeconds})) AS isMine
  FOREACH (_ IN CASE WHEN isMine THEN [1] ELSE [] END |
    SET t.holder = $holder, t.heldUntil = datetime() + duration({seconds: 60}), t.beganAt = datetime())
  RETURN isMine
`
const confirmStatement = cypher`
  MATCH (t:Turn {id: $name, holder: $holder})
  USING INDEX SEEK t:Turn(id)
  SET t.heldUntil = datetime() + duration({seconds: 60})
  RETURN EXISTS { MATCH (:Rebuild) } AS isRebuilt
`
const endStatement = cypher`
  MATCH (t:Turn {id: $name, holder: $holder})
  USING INDEX SEEK t:Turn(id)
  SET t.beganAt = CASE WHEN $isDone THEN t.beganAt END
  REMOVE t.holder, t.heldUntil
`

/**
 * Takes the turn.
 * @param everySeconds the last one has to have begun so long ago
 * @returns undefined where it is not due, or another process has it
 */
export async function takeTurn(
  graph: Graph,
  { name, everySeconds }: { name: TurnName; everySeconds: number },
): Promise<Turn | undefined> {
  const holder = randomUUID()
  const [row] = await patiently(() =>
    graph.inWrite((tx) => tx.run(takeStatement, { name, holder, everySeconds })),
  )
  if (row?.['isMine'] !== true) return undefined
  const confirm = async (tx: GraphTransaction) => {
    const [found] = await tx.run(confirmStatement, { name, holder })
    if (found === undefined)
      throw new TurnRefused(`Another process has taken over: this one was not heard of for too long.`)
    if (found['isRebuilt'] === true)
      throw new TurnRefused(
        'The graph is being rebuilt, or its rebuild was interrupted: nothing is removed before it is whole. See `headwater rebuild`.',
      )
  }
  const timer = setInterval(() => void graph.inWrite(confirm).catch(() => undefined), renewEveryMs)
  return {
    confirm,
    async end({ isDone }) {
      clearInterval(timer)
      await graph.inWrite((tx) => tx.run(endStatement, { name, holder, isDone }))
    },
  }
}
