import { awaitOpenTransactions } from '../graph/await-open.ts'
import type { Graph, GraphTransaction } from '../graph/connection.ts'
import { patiently } from '../graph/patiently.ts'
import type { EntityKey } from '../openlineage/keys.ts'
import { countNames, listNames, namedLabels, type NamedLabel } from './list-names.ts'
import { relinkDatasets, relinkJobs } from './relink-names.ts'
import { findRules, type RuleBook, type RulesInForce } from './rules-in-force.ts'

/** Names linked anew in one transaction: it holds their locks, and workers wait for those. */
const NAMES_AT_ONCE = 100

/** Other rules came in force while names were linked under these. */
export class RulesReplaced extends Error {
  override readonly name = 'RulesReplaced'
}

export interface SweepOptions {
  inForce: RulesInForce
  signal: AbortSignal
  /** Hears how many names were looked at in this round, of about how many, and how many were linked anew in all. */
  onProgress: (progress: { seen: number; of: number; relinked: number }) => void
}

/**
 * Links all names under the rules in force that are linked under others, in small transactions beside whoever merges. It may be
 * interrupted and done again: names that are linked already cost a glance.
 *
 * Whoever began to merge before the rules came in force may still link names under those before; so at the end we wait for all that
 * is under way, and look once more.
 * @returns how many names were linked anew
 * @throws {RulesReplaced}
 */
export async function sweepNames(graph: Graph, options: SweepOptions): Promise<number> {
  let relinked = 0
  for (let hasWaited = false; ;) {
    const found = await sweepOnce(graph, { ...options, relinkedBefore: relinked })
    relinked += found
    if (found === 0 && hasWaited) return relinked
    if (found === 0) await awaitOpenTransactions(graph, options.signal)
    hasWaited = found === 0
  }
}

async function sweepOnce(
  graph: Graph,
  { inForce, signal, onProgress, relinkedBefore }: SweepOptions & { relinkedBefore: number },
): Promise<number> {
  const of = await countNames(graph)
  const book = { inForce }
  let [seen, relinked] = [0, 0]
  for (const label of namedLabels) {
    for await (const page of listNames(graph, label)) {
      const stale = page.filter(({ rulesKey }) => rulesKey !== inForce.key).map(({ key }) => key)
      for (let from = 0; from < stale.length; from += NAMES_AT_ONCE) {
        signal.throwIfAborted()
        const names = stale.slice(from, from + NAMES_AT_ONCE)
        relinked += await patiently(() =>
          graph.inWrite((tx) => relink(tx, { label, names, book, change: inForce.change.id })),
        )
        onProgress({ seen, of, relinked: relinkedBefore + relinked })
      }
      seen += page.length
      onProgress({ seen, of, relinked: relinkedBefore + relinked })
    }
  }
  return relinked
}

async function relink(
  tx: GraphTransaction,
  {
    label,
    names,
    book,
    change,
  }: { label: NamedLabel; names: readonly EntityKey[]; book: RuleBook; change: string },
): Promise<number> {
  const rules = await findRules(tx, book)
  if (rules?.change.id !== change)
    throw new RulesReplaced(
      'Other identity rules have been put in force meanwhile. Nothing is lost: see `show`.',
    )
  return label === 'Dataset'
    ? await relinkDatasets(tx, { rules, names })
    : await relinkJobs(tx, { rules, names })
}
