import type { Graph } from './connection.ts'
import { cypher } from './cypher.ts'
import { fromDateTime } from './values.ts'

export interface SeenQueue {
  generation: string
  address: string
  /** How often workers note what they see. */
  everyMs: number
}

/** A time in which events were accepted that may be lost. */
export interface LossWindow {
  from: string
  until: string
}

export interface QueueNote {
  /** What was found lost just now, by us and nobody else. */
  lost: LossWindow[]
  /** Whether this generation had been taken for lost. */
  isBack: boolean
  /** When the newest loss at this address ended; undefined where there was none. */
  lastWipedAt: string | undefined
}

/** All times are of Neo4j's clock: those of workers differ. */
const seeStatement = cypher`
  MERGE (q:Queue {generation: $generation})
  ON CREATE SET q.firstSeenAt = datetime(), q.addresses = []
  SET q.lastSeenAt = datetime()
  FOREACH (_ IN CASE WHEN $address IN q.addresses THEN [] ELSE [1] END | SET q.addresses = q.addresses + [$address])
  WITH q, q.wipedAt IS NOT NULL AS isBack
  REMOVE q.wipedAt
  RETURN isBack
`

/**
 * Generations that this one has followed at its address. One that was still seen well after this one had come stands beside it: two
 * Redis of one name, as workers in two places see them. One seen just now may be such a one.
 */
const findWipedStatement = cypher`
  MATCH (q:Queue {generation: $generation})
  MATCH (old:Queue)
  WHERE old.generation <> $generation AND $address IN old.addresses AND old.wipedAt IS NULL
  SET old.lock = true
  WITH q, old
  WHERE old.wipedAt IS NULL
    AND old.lastSeenAt < q.firstSeenAt + duration({milliseconds: $everyMs})
    AND old.lastSeenAt < datetime() - duration({milliseconds: 3 * $everyMs})
  SET old.wipedAt = q.firstSeenAt
  RETURN old.lastSeenAt AS from, old.wipedAt AS until
`

const findLastStatement = cypher`
  MATCH (old:Queue)
  WHERE $address IN old.addresses AND old.wipedAt IS NOT NULL
  RETURN max(old.wipedAt) AS lastWipedAt
`

/** Notes in the graph that a queue is there, and finds out whether it stands where another was: then Redis has lost what that one held. */
export async function noteQueue(graph: Graph, seen: SeenQueue): Promise<QueueNote> {
  const parameters = { ...seen }
  return await graph.inWrite(async (tx) => {
    const [row] = await tx.run(seeStatement, parameters)
    const wiped = await tx.run(findWipedStatement, parameters)
    const [last] = await tx.run(findLastStatement, parameters)
    return {
      lost: wiped.flatMap(({ from, until }) => toWindow(fromDateTime(from), fromDateTime(until))),
      isBack: row?.['isBack'] === true,
      lastWipedAt: fromDateTime(last?.['lastWipedAt']),
    }
  })
}

function toWindow(from: string | undefined, until: string | undefined): LossWindow[] {
  return from === undefined || until === undefined ? [] : [{ from, until }]
}
