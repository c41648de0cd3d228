import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { decodeLinks, encodeLinks, type IdentityLink } from '../project/identity-links.ts'
import { toLinkKey } from './link-changes.ts'
import { lockJobs, type StoredJob } from './lock-nodes.ts'
import type { RulesInForce } from './rules-in-force.ts'
import { runRows } from './run-rows.ts'
import { deleteSameAs } from './write-links.ts'
import { placeJobs } from './write-nodes.ts'

/** What rules change on the jobs of a batch; see `link-datasets.ts`. */
export interface JobLinking {
  written: IdentityLink[]
  gone: IdentityLink[]
  linked: { job: EntityKey; links: IdentityLink[] }[]
  /** Names that a link leads to and that no event has used yet. */
  unseen: EntityKey[]
  /** Names that a link led to and does no more. */
  abandoned: EntityKey[]
}

/** The names that links lead to, of those jobs whose links we do not know to stand. */
export function jobEndsToLock(rules: RulesInForce | undefined, named: Iterable<EntityKey>): EntityKey[] {
  if (rules === undefined) return []
  return [...named]
    .filter((job) => !rules.linkedJobs.has(job))
    .flatMap((job) => rules.linksOfJob(job).map(({ to }) => to))
}

/**
 * Finds what the rules in force change: the links of those locked jobs that were linked under other rules, or never.
 * @param jobs all that the transaction has locked; those that had to be locked for this are added
 */
export async function findJobLinking(
  tx: GraphTransaction,
  {
    rules,
    named,
    jobs,
  }: { rules: RulesInForce | undefined; named: Iterable<EntityKey>; jobs: Map<EntityKey, StoredJob> },
): Promise<JobLinking> {
  const isStale = (job: EntityKey) => jobs.has(job) && jobs.get(job)?.rulesKey !== rules?.key
  const stale = rules === undefined ? [] : [...named].filter(isStale)
  if (rules === undefined || stale.length === 0)
    return { written: [], gone: [], linked: [], unseen: [], abandoned: [] }
  const links = new Map(stale.map((job) => [job, rules.linksOfJob(job)]))
  for (const { to } of [...links.values()].flat()) if (!links.has(to)) links.set(to, [])
  await lockMoreJobs(tx, jobs, [...links.keys()])
  const changes = [...links].map(([job, now]) => {
    const before = (decodeLinks(jobs.get(job)?.statedLinks).RULES ?? []).map((link) => ({
      ...link,
      from: job,
    }))
    return { written: without(now, before), gone: without(before, now) }
  })
  const written = changes.flatMap((change) => change.written)
  const gone = changes.flatMap((change) => change.gone)
  const abandoned = gone.map(({ to }) => to)
  await lockMoreJobs(tx, jobs, abandoned)
  return {
    written,
    gone,
    linked: [...links].filter(([job]) => isStale(job)).map(([job, now]) => ({ job, links: now })),
    unseen: written.map(({ to }) => to).filter((to) => jobs.get(to)?.firstSeenAt === undefined),
    abandoned,
  }
}

function without(links: readonly IdentityLink[], others: readonly IdentityLink[]): IdentityLink[] {
  return links.filter(({ to, source }) => others.every((other) => other.to !== to || other.source !== source))
}

const writeSameAsStatement = cypher`
  UNWIND $rows AS row
  MATCH (a:Job {namespace: row.from.namespace, name: row.from.name})
  USING INDEX SEEK a:Job(namespace, name)
  MATCH (b:Job {namespace: row.to.namespace, name: row.to.name})
  USING INDEX SEEK b:Job(namespace, name)
  MERGE (a)-[x:SAME_AS {key: row.key}]->(b)
  SET x.source = row.source
`

const markJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  SET j.rulesKey = row.rulesKey, j.statedLinks = row.statedLinks
`

/** Nobody has named it, and no link leads to it. */
const deleteUnnamedStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  WHERE j.firstSeenAt IS NULL AND NOT EXISTS { (j)-[:SAME_AS]-() }
  DETACH DELETE j
`

/** Writes the links, marks what is linked now, and takes away names that stood for nothing but links which are gone. */
export async function writeJobLinks(
  tx: GraphTransaction,
  {
    rules,
    linking: { written, gone, linked, unseen, abandoned },
  }: { rules: RulesInForce | undefined; linking: JobLinking },
): Promise<void> {
  await placeJobs(tx, [...new Set(unseen)])
  await deleteSameAs(tx, gone.flatMap(toEdges))
  await runRows(tx, writeSameAsStatement, written.flatMap(toEdges).toSorted(byEdgeKey).map(toRow))
  const marks = linked.map(({ job, links }) => ({
    ...fromEntityKey(job),
    rulesKey: rules?.key,
    statedLinks: encodeLinks({ RULES: links.map(({ kind, to, source }) => ({ kind, to, source })) }),
  }))
  await runRows(tx, markJobsStatement, marks)
  const names = [...new Set(abandoned)].toSorted().map(fromEntityKey)
  await runRows(tx, deleteUnnamedStatement, names)
}

interface JobEdge {
  key: string
  from: EntityKey
  to: EntityKey
  source: string
}

/** One each way. */
function toEdges({ from, to, source }: IdentityLink): JobEdge[] {
  return [
    { key: toLinkKey('Job', { source, from, to }), from, to, source },
    { key: toLinkKey('Job', { source, from: to, to: from }), from: to, to: from, source },
  ]
}

function toRow({ key, from, to, source }: JobEdge) {
  return { key, from: fromEntityKey(from), to: fromEntityKey(to), source }
}

function byEdgeKey(a: JobEdge, b: JobEdge): number {
  return a.key < b.key ? -1 : 1
}

async function lockMoreJobs(
  tx: GraphTransaction,
  jobs: Map<EntityKey, StoredJob>,
  wanted: readonly EntityKey[],
): Promise<void> {
  const missing = wanted.filter((job) => !jobs.has(job))
  if (missing.length === 0) return
  for (const [job, stored] of await lockJobs(tx, missing)) jobs.set(job, stored)
}
