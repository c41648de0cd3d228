import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toCounted, toTotal } from './bounded-total.ts'
import {
  countJobsOfNamespacesStatement,
  countJobsStatement,
  countRecentJobsStatement,
  listJobsByStateStatement,
  listJobsOfNamespacesStatement,
  listMentionedJobsStatement,
  listRecentJobsStatement,
} from './job-statements.ts'
import { fromMarquezState } from './marquez-values.ts'

/** Jobs whose newest run is looked at where only some states are wanted. */
const lookedMax = 20_000

export interface JobListing {
  /** Undefined for all that the reader may see. */
  namespace: string | undefined
  /** In Marquez's words; empty for all. */
  states: readonly string[]
  limit: number
  offset: number
  reader: Reader
}

/** A page of jobs' names, and how many there are. */
export async function listJobNames(
  tx: GraphTransaction,
  listing: JobListing,
): Promise<{ names: EntityName[]; total: number }> {
  const { namespace, states, limit, offset, reader } = listing
  const namespaces =
    namespace === undefined ? reader.namespaces : [namespace].filter((one) => reader.sees(one))
  const total = await countJobs(tx, listing, namespaces)
  if (states.length > 0) {
    const ours = states.flatMap(fromMarquezState)
    const asked = { states: ours, namespaces: namespaces ?? null, looked: lookedMax, limit, offset }
    return { names: toNames(await tx.run(listJobsByStateStatement, asked)), total }
  }
  if (namespaces !== undefined) {
    return {
      names: toNames(await tx.run(listJobsOfNamespacesStatement, { namespaces, limit, offset })),
      total,
    }
  }
  const recent = toNames(await tx.run(listRecentJobsStatement, { limit, offset }))
  if (recent.length === limit) return { names: recent, total }
  const seen = toTotal(await tx.run(countRecentJobsStatement))
  const rest = { limit: limit - recent.length, offset: Math.max(0, offset - seen) }
  return { names: [...recent, ...toNames(await tx.run(listMentionedJobsStatement, rest))], total }
}

async function countJobs(
  tx: GraphTransaction,
  { limit, offset }: JobListing,
  namespaces: readonly string[] | undefined,
): Promise<number> {
  if (namespaces === undefined) return toTotal(await tx.run(countJobsStatement))
  const counted = toCounted({ limit, offset })
  return toTotal(await tx.run(countJobsOfNamespacesStatement, { namespaces, counted }))
}

function toNames(rows: Row[]): EntityName[] {
  return rows.map(({ namespace, name }) => ({ namespace: String(namespace), name: String(name) }))
}
