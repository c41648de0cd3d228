import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { decodeLinks, type IdentityLink, type LinkStatement } from '../project/identity-links.ts'
import type { StoredDataset } from './lock-nodes.ts'
import type { RulesInForce } from './rules-in-force.ts'
import { runRows } from './run-rows.ts'
import { lockMore } from './write-links.ts'

/*
 * Links that rules make of names. A dataset keeps the key of the rules under which its links were made: where that is the key of
 * those in force, its links stand, and those of all names that they lead to.
 */

/** What rules change on the datasets of a batch. */
export interface DatasetLinking {
  /** For `mergeLinks`, together with what facets state. */
  statements: LinkStatement[]
  /** Datasets that are linked under these rules from now on. */
  linked: EntityKey[]
  /** Names that a link led to and does no more. */
  abandoned: EntityKey[]
}

/** The names that links lead to, of those names whose links we do not know to stand: to be locked before anything is looked at. */
export function endsToLock(rules: RulesInForce | undefined, named: Iterable<EntityKey>): EntityKey[] {
  if (rules === undefined) return []
  return [...named]
    .filter((dataset) => !rules.linkedDatasets.has(dataset))
    .flatMap((dataset) => rules.linksOfDataset(dataset).map(({ to }) => to))
}

/**
 * Finds what the rules in force change: the links of those named datasets that were linked under other rules, or never.
 * @param datasets all that the transaction has locked; those that had to be locked for this are added
 */
export async function findDatasetLinking(
  tx: GraphTransaction,
  {
    rules,
    named,
    datasets,
  }: {
    rules: RulesInForce | undefined
    named: Iterable<EntityKey>
    datasets: Map<EntityKey, StoredDataset>
  },
): Promise<DatasetLinking> {
  const isStale = (dataset: EntityKey) => datasets.get(dataset)?.rulesKey !== rules?.key
  const stale = rules === undefined ? [] : [...named].filter(isStale)
  if (rules === undefined || stale.length === 0) return { statements: [], linked: [], abandoned: [] }
  const links = toLinksByName(stale, rules)
  await lockMore(tx, { datasets, wanted: [...links.keys()] })
  const abandoned = [...links].flatMap(([dataset, now]) => {
    const before = decodeLinks(datasets.get(dataset)?.statedLinks).RULES ?? []
    return before.map(({ to }) => to).filter((to) => now.every((link) => link.to !== to))
  })
  await lockMore(tx, { datasets, wanted: abandoned })
  return {
    statements: [...links].map(([dataset, now]) => ({ dataset, origin: 'RULES', links: now })),
    linked: [...links.keys()].filter(isStale),
    abandoned,
  }
}

/** A name that a link leads to is linked with it. */
function toLinksByName(stale: readonly EntityKey[], rules: RulesInForce): Map<EntityKey, IdentityLink[]> {
  const links = new Map<EntityKey, IdentityLink[]>(stale.map((dataset) => [dataset, []]))
  for (const link of stale.flatMap(rules.linksOfDataset)) {
    links.set(link.from, [link])
    if (!links.has(link.to)) links.set(link.to, [])
  }
  return links
}

const markDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET d.rulesKey = row.rulesKey
`

/** Nobody has named it, and no link leads to it. One that it has itself does not keep it. */
const deleteUnnamedStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  WHERE d.firstSeenAt IS NULL AND NOT EXISTS { (d)-[:SAME_AS]-() } AND NOT EXISTS { (d)<-[:PART_OF]-() }
  WITH d, d.statedLinks AS statedLinks
  DETACH DELETE d
  RETURN statedLinks
`

/** Marks what is linked now, and takes away names that stood for nothing but links which are gone. The links are written. */
export async function writeDatasetMarks(
  tx: GraphTransaction,
  {
    rules,
    linking: { linked, abandoned },
    datasets,
  }: {
    rules: RulesInForce | undefined
    linking: Pick<DatasetLinking, 'linked' | 'abandoned'>
    datasets: Map<EntityKey, StoredDataset>
  },
): Promise<void> {
  const rows = linked.toSorted().map((dataset) => ({ ...fromEntityKey(dataset), rulesKey: rules?.key }))
  await runRows(tx, markDatasetsStatement, rows)
  for (let candidates = abandoned; candidates.length > 0;) {
    await lockMore(tx, { datasets, wanted: candidates })
    const names = [...new Set(candidates)].toSorted().map(fromEntityKey)
    const deleted = await runRows(tx, deleteUnnamedStatement, names)
    candidates = deleted
      .flatMap((row) => decodeLinks(asText(row['statedLinks'])).RULES ?? [])
      .map(({ to }) => to)
  }
}
