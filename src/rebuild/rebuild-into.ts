import type { Graph } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { readChanges, writeChanges } from '../log/changes.ts'
import type { LoggedChange, LogPosition } from '../log/logged-event.ts'
import type { LogReading } from '../log/read-log.ts'
import { RebuildRefused, takeMark } from './rebuild-mark.ts'

export interface RebuildInto {
  source: Graph
  /** Of the source, for whoever finds the target half done. */
  sourceUri: string
  target: Graph
  /** Merges only what the target lacks, into one that is not empty. */
  catchUp: boolean
  /** Copies the source's checkpoint, and merges what it says into the target. */
  copyCheckpoint: () => Promise<void>
  /** Merges the source's events into the target. */
  replay: (
    reading: Pick<LogReading, 'after' | 'findKnown'> & {
      merged: number
      onMerged: (position: LogPosition, merged: number) => Promise<void>
    },
  ) => Promise<void>
  /** Links the target's names under the rules that stand in it now, where they are linked under others. */
  relink: () => Promise<void>
  /** Brings what people have changed into force on what the target has already. */
  applyChanges: (changes: readonly LoggedChange[]) => Promise<void>
  say: (line: string) => void
}

/**
 * Makes the graph of the source's log in another Neo4j, which has to be empty. Interrupted, it goes on where it was.
 * @throws {RebuildRefused} where the target holds something else, or is being rebuilt
 */
export async function rebuildInto(rebuild: RebuildInto): Promise<void> {
  const { source, sourceUri, target, catchUp, copyCheckpoint, replay, relink, applyChanges, say } = rebuild
  await refuseUnlessFit(rebuild)
  const mark = await takeMark(target, { phase: 'MERGING', source: sourceUri, say })
  try {
    if (mark.state.source !== sourceUri)
      throw new RebuildRefused(`The target is being rebuilt from ${mark.state.source ?? 'its own log'}.`)
    const { merged } = mark.state
    if (mark.isFound) say(`An interrupted rebuild is gone on with: ${merged} events were merged.`)
    // First, for events are merged under the rules that people have made.
    const changes = await readChanges(source)
    await writeChanges(target, changes)
    await replay({
      after: mark.state.position,
      merged,
      ...(catchUp && { findKnown: async (ids) => await findKnown(target, ids) }),
      onMerged: async (position, more) => await mark.set({ position, merged: mark.state.merged + more }),
    })
    // Behind the log: what retention has taken out of it meanwhile is in the checkpoint by now.
    await copyCheckpoint()
    // What an earlier run has merged, it has linked under the rules of its time.
    if (mark.isFound || catchUp) {
      await relink()
      await applyChanges(changes)
    }
    await mark.remove()
  } catch (error) {
    await mark.release().catch(() => undefined)
    throw error
  }
}

const findAnythingStatement = cypher`
  MATCH (n)
  WHERE NOT n:Migration AND NOT n:Queue
  WITH n LIMIT 1
  RETURN EXISTS { MATCH (:Rebuild) } AS isMarked
`

async function refuseUnlessFit({ target, catchUp }: RebuildInto): Promise<void> {
  const [row] = await patiently(() => target.inRead((tx) => tx.run(findAnythingStatement)))
  const isFit = row === undefined || row['isMarked'] === true || catchUp
  if (isFit) return
  throw new RebuildRefused(
    'The target is not empty. Take an empty Neo4j; or, where it holds this very log up to some time ago, --catch-up merges what has come since.',
  )
}

const findKnownStatement = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  USING INDEX SEEK e:Event(id)
  RETURN id
`

async function findKnown(target: Graph, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await patiently(() => target.inRead((tx) => tx.run(findKnownStatement, { ids })))
  return new Set(rows.map(({ id }) => String(id)))
}

const readEventStatement = cypher`
  MATCH (e:Event {id: $id})
  USING INDEX SEEK e:Event(id)
  RETURN properties(e) AS properties
`
const keepEventStatement = cypher`
  MERGE (e:Event {id: $id})
  ON CREATE SET e += $properties
`

/** Keeps an event that cannot be merged in the target's log all the same: nothing that was accepted is lost. */
export async function keepUnmerged(source: Graph, target: Graph, id: string): Promise<void> {
  const [row] = await patiently(() => source.inRead((tx) => tx.run(readEventStatement, { id })))
  const properties = row?.['properties'] ?? {}
  await patiently(() => target.inWrite((tx) => tx.run(keepEventStatement, { id, properties })))
}
