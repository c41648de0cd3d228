import type { GraphTransaction, Row } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText, fromDateTime } from '../graph/values.ts'
import { createNameLinks, type NameLink } from '../identity/name-links.ts'
import { readRules } from '../identity/read-rules.ts'
import { toRulesKey, type IdentityRules } from '../identity/rules.ts'
import { fromEntityKey, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import type { IdentityLink } from '../project/identity-links.ts'
import type { Facts } from '../project/facts.ts'
import { createMemo } from '../project/memo.ts'

/** The kind of Change that puts identity rules in force: the newest of them counts. */
export const IDENTITY_RULES = 'IDENTITY_RULES'

/** Rules, and what they make of names. */
export interface LinkingRules {
  key: string
  rules: IdentityRules
  /** The links that begin at a dataset's name, one behind the other. */
  linksOfDataset: (dataset: EntityKey) => IdentityLink[]
  linksOfJob: (job: EntityKey) => IdentityLink[]
}

/** The rules that stand in the graph, and since when. */
export interface RulesInForce extends LinkingRules {
  change: { id: string; at: Instant; by: string }
  /** Names whose links we have seen to stand. */
  linkedDatasets: Set<EntityKey>
  linkedJobs: Set<EntityKey>
}

/** What a process knows of the rules from one batch to the next. */
export interface RuleBook {
  inForce: RulesInForce | undefined
}

/** Names whose links are remembered, of each kind. */
const NAMES_MAX = 100_000

export function createRuleBook(): RuleBook {
  return { inForce: undefined }
}

/** Rules in the graph that we cannot read, such as those of a newer Headwater. Whoever can must merge. */
export class UnreadableRules extends Error {
  override readonly name = 'UnreadableRules'
}

const findNewestStatement = cypher`
  MATCH (c:Change {kind: $kind})
  USING INDEX SEEK c:Change(kind, at, id)
  WHERE c.at IS NOT NULL AND c.id IS NOT NULL
  RETURN c.id AS id
  ORDER BY c.kind DESC, c.at DESC, c.id DESC
  LIMIT 1
`

const readChangeStatement = cypher`
  MATCH (c:Change {id: $id})
  USING INDEX SEEK c:Change(id)
  RETURN c.id AS id, c.at AS at, c.by AS by, c.payload AS payload
`

/**
 * The rules in force: asked for with every batch, so that it is merged under those that stand when it begins.
 * @returns undefined while there are none
 * @throws {UnreadableRules}
 */
export async function findRules(tx: GraphTransaction, book: RuleBook): Promise<RulesInForce | undefined> {
  const [newest] = await tx.run(findNewestStatement, { kind: IDENTITY_RULES })
  const id = asText(newest?.['id'])
  if (id !== undefined && book.inForce?.change.id === id) return book.inForce
  const [change] = id === undefined ? [] : await tx.run(readChangeStatement, { id })
  const inForce = change === undefined ? undefined : toRulesInForce(change)
  book.inForce = inForce
  return inForce
}

/** Rules with all that they make of names, remembered as it is asked for. */
export function toLinkingRules(rules: IdentityRules): LinkingRules {
  const links = createNameLinks(rules)
  const datasets = createMemo<IdentityLink[]>(NAMES_MAX)
  const jobs = createMemo<IdentityLink[]>(NAMES_MAX)
  return {
    key: toRulesKey(rules),
    rules,
    linksOfDataset: (key) => datasets(key, () => toIdentityLinks(links.ofDataset(fromEntityKey(key)))),
    linksOfJob: (key) => jobs(key, () => toIdentityLinks(links.ofJob(fromEntityKey(key)))),
  }
}

/** Remembers that the links of these names stand, so that the next batch need not lock what they lead to. */
export function rememberLinked(
  { linksOfDataset, linksOfJob, linkedDatasets, linkedJobs }: RulesInForce,
  { datasets, jobs }: Pick<Facts, 'datasets' | 'jobs'>,
): void {
  for (const key of datasets.keys()) if (linksOfDataset(key).length > 0) addTo(linkedDatasets, key)
  for (const key of jobs.keys()) if (linksOfJob(key).length > 0) addTo(linkedJobs, key)
}

function addTo(known: Set<EntityKey>, key: EntityKey): void {
  if (known.size >= NAMES_MAX) known.clear()
  known.add(key)
}

const noLinks: IdentityLink[] = []

/** Most names have none, and share one empty list. */
function toIdentityLinks(links: NameLink[]): IdentityLink[] {
  if (links.length === 0) return noLinks
  return links.map(({ kind, from, to, source }) => ({
    kind,
    from: toEntityKey(from),
    to: toEntityKey(to),
    source,
  }))
}

function toRulesInForce(row: Row): RulesInForce {
  const id = String(row['id'])
  const read = readRules(asText(row['payload']) ?? '')
  if ('mistakes' in read) {
    const mistakes = read.mistakes.map(({ text }) => text).join(' ')
    throw new UnreadableRules(
      `The identity rules in force (Change ${id}) cannot be read by this version: ${mistakes}`,
    )
  }
  return {
    ...toLinkingRules(read.rules),
    change: { id, at: fromDateTime(row['at']) ?? '', by: asText(row['by']) ?? '' },
    linkedDatasets: new Set(),
    linkedJobs: new Set(),
  }
}
