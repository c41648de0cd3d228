import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toDateTime } from '../graph/values.ts'
import { toHour } from '../openlineage/time.ts'
import type { LineageContents, Structure } from '../project/structure.ts'
import { toDeclaredStructure } from '../project/to-structure.ts'
import type { DatasetNodeChange, DeclaredLineage } from './dataset-changes.ts'
import { findLineages } from './find-lineages.ts'
import { runRows } from './run-rows.ts'
import { toStructureRows } from './structure-rows.ts'
import { writeStructure } from './write-structure.ts'

const deleteFeedsStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:FEEDS {key: key}]->()
  USING INDEX SEEK x:FEEDS(key)
  DELETE x
`

const deleteInfluencesStatement = cypher`
  UNWIND $rows AS key
  MATCH ()-[x:INFLUENCES {key: key}]->()
  USING INDEX SEEK x:INFLUENCES(key)
  DELETE x
`

const moveFeedsStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.keys AS key
  MATCH ()-[x:FEEDS {key: key}]->()
  USING INDEX SEEK x:FEEDS(key)
  SET x.firstSeenAt = row.first, x.lastSeenAt = row.last
`

const moveInfluencesStatement = cypher`
  UNWIND $rows AS row
  UNWIND row.keys AS key
  MATCH ()-[x:INFLUENCES {key: key}]->()
  USING INDEX SEEK x:INFLUENCES(key)
  SET x.firstSeenAt = row.first, x.lastSeenAt = row.last
`

/**
 * Brings the flows that DatasetEvents declare in line with the newest of them: it replaces what the one before declared. They belong to
 * the dataset that they lead into, and are written under its lock.
 */
export async function mergeDeclaredStructure(
  tx: GraphTransaction,
  { datasets, lineages: stated }: { datasets: readonly DatasetNodeChange[]; lineages: LineageContents },
): Promise<void> {
  const changed = datasets.filter(
    ({ lineageBefore, lineageAfter }) =>
      lineageBefore?.key !== lineageAfter?.key || lineageBefore?.at !== lineageAfter?.at,
  )
  if (changed.length === 0) return
  const keys = changed.flatMap(({ lineageBefore, lineageAfter }) =>
    [lineageBefore?.key, lineageAfter?.key].filter((key) => key !== undefined),
  )
  const lineages = await findLineages(tx, keys, stated)
  const structureOf = ({ dataset }: DatasetNodeChange, lineage: DeclaredLineage | undefined) =>
    toDeclaredStructure(dataset, lineages.get(lineage?.key ?? ''))
  const replaced = changed.filter(
    ({ lineageBefore, lineageAfter }) => lineageBefore?.key !== lineageAfter?.key,
  )
  await deleteFlows(
    tx,
    replaced.map((change) => structureOf(change, change.lineageBefore)),
  )
  const contributions = replaced.flatMap((change) => {
    const { lineageAfter } = change
    if (lineageAfter === undefined) return []
    const { at } = lineageAfter
    const structure = structureOf(change, lineageAfter)
    return [{ job: undefined, structure, first: at, last: toHour(at), isCurrent: true }]
  })
  await writeStructure(tx, toStructureRows(contributions))
  const moved = changed
    .filter((change) => !replaced.includes(change))
    .map((change) => ({
      at: change.lineageAfter?.at ?? '',
      structure: structureOf(change, change.lineageAfter),
    }))
  await moveFlows(tx, moved)
}

async function deleteFlows(tx: GraphTransaction, structures: readonly Structure[]): Promise<void> {
  await runRows(tx, deleteFeedsStatement, structures.flatMap(feedKeys))
  await runRows(tx, deleteInfluencesStatement, structures.flatMap(influenceKeys))
}

/** The same flows, stated again: only their times are others. */
async function moveFlows(
  tx: GraphTransaction,
  moved: readonly { at: string; structure: Structure }[],
): Promise<void> {
  const toRows = (toKeys: (structure: Structure) => string[]) =>
    moved
      .map(({ at, structure }) => ({
        keys: toKeys(structure),
        first: toDateTime(at),
        last: toDateTime(toHour(at)),
      }))
      .filter(({ keys }) => keys.length > 0)
  await runRows(tx, moveFeedsStatement, toRows(feedKeys))
  await runRows(tx, moveInfluencesStatement, toRows(influenceKeys))
}

function feedKeys({ feeds, fieldFeeds, mixedFeeds }: Structure): string[] {
  return [...feeds, ...fieldFeeds, ...mixedFeeds].map(({ key }) => key)
}

function influenceKeys({ influences }: Structure): string[] {
  return influences.map(({ key }) => key)
}
