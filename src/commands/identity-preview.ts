import type { Graph } from '../graph/connection.ts'
import { countNames, listNames, namedLabels } from '../merge/list-names.ts'
import type { LinkingRules, RulesInForce } from '../merge/rules-in-force.ts'
import { fromEntityKey, type EntityKey, type EntityName } from '../openlineage/keys.ts'
import type { IdentityLink } from '../project/identity-links.ts'

/** What rules would change, were they put in force: of the names that events have used. */
export interface Preview {
  /** Undefined where none are. */
  inForce: { id: string; at: string; by: string } | undefined
  /** Whether the rules of the file are those in force. */
  isSame: boolean
  names: { datasets: number; jobs: number }
  /** Names that are not linked under the rules in force yet, but under others or none. */
  behind: number
  joined: Tally
  parted: Tally
  /** Links that stay, with another rule as their source. */
  renamed: number
}

export interface Tally {
  count: number
  /** By the rules that make the link. */
  bySource: Record<string, number>
  links: ShownLink[]
  /** Links that are counted and not listed. */
  leftOut: number
}

export interface ShownLink {
  kind: IdentityLink['kind']
  from: EntityName
  to: EntityName
  source: string
}

export interface PreviewOptions {
  rules: LinkingRules
  inForce: RulesInForce | undefined
  /** Links listed of each kind. */
  limit: number
  signal: AbortSignal
  onProgress: (seen: number, of: number) => void
}

/** Compares what the rules make of the names in the graph with what those in force make of them. Nothing is changed. */
export async function previewRules(graph: Graph, options: PreviewOptions): Promise<Preview> {
  const { rules, inForce, limit, signal, onProgress } = options
  const preview: Preview = {
    inForce: inForce?.change,
    isSame: inForce?.key === rules.key,
    names: { datasets: 0, jobs: 0 },
    behind: 0,
    joined: { count: 0, bySource: {}, links: [], leftOut: 0 },
    parted: { count: 0, bySource: {}, links: [], leftOut: 0 },
    renamed: 0,
  }
  const of = await countNames(graph)
  for (const label of namedLabels) {
    const [counted, links] =
      label === 'Dataset' ? (['datasets', 'linksOfDataset'] as const) : (['jobs', 'linksOfJob'] as const)
    for await (const page of listNames(graph, label)) {
      signal.throwIfAborted()
      for (const { key, rulesKey } of page) {
        if (rulesKey !== inForce?.key) preview.behind++
        const [before, after] = [ownLink(inForce?.[links](key), key), ownLink(rules[links](key), key)]
        compare(preview, { before, after, limit })
      }
      preview.names[counted] += page.length
      onProgress(preview.names.datasets + preview.names.jobs, of)
    }
  }
  return preview
}

/** The link that begins at the name itself; what a name that nobody uses leads to is not told of. */
function ownLink(links: readonly IdentityLink[] | undefined, key: EntityKey): IdentityLink | undefined {
  return links?.find(({ from }) => from === key)
}

function compare(
  preview: Preview,
  {
    before,
    after,
    limit,
  }: { before: IdentityLink | undefined; after: IdentityLink | undefined; limit: number },
): void {
  const isSame = before !== undefined && before.kind === after?.kind && before.to === after.to
  if (isSame && before.source !== after?.source) preview.renamed++
  if (isSame) return
  if (after !== undefined) count(preview.joined, after, limit)
  if (before !== undefined) count(preview.parted, before, limit)
}

function count(tally: Tally, { kind, from, to, source }: IdentityLink, limit: number): void {
  tally.count++
  tally.bySource[source] = (tally.bySource[source] ?? 0) + 1
  if (tally.links.length < limit)
    tally.links.push({ kind, from: fromEntityKey(from), to: fromEntityKey(to), source })
  else tally.leftOut++
}
