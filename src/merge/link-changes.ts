import { toContentKey, type EntityKey } from '../openlineage/keys.ts'
import {
  decodeLinks,
  encodeLinks,
  toLinkText,
  type IdentityLink,
  type LinkStatement,
  type StatedLink,
  type StatedLinks,
} from '../project/identity-links.ts'

/** One relationship that stands for a link: a `SAME_AS` is two of them, one each way. */
export interface LinkEdge extends IdentityLink {
  key: string
}

/** Two datasets, in no order. */
export interface DatasetPair {
  a: EntityKey
  b: EntityKey
}

/** What statements change. */
export interface LinkChanges {
  /** What each dataset states now, as text; null where that is nothing. */
  stated: { dataset: EntityKey; statedLinks: string | null }[]
  written: LinkEdge[]
  gone: LinkEdge[]
  /** Datasets that became, or are no longer, the same table: the fields of one name follow. */
  joined: DatasetPair[]
  parted: DatasetPair[]
}

/** Links of these say that two datasets have the same columns; a rule joins names without looking at the data. */
const sourcesOfTables = ['SYMLINK', 'CATALOG']

/** What each dataset states. */
type Stated = ReadonlyMap<EntityKey, Standing>

interface Standing {
  links: StatedLinks
  byName: ReadonlyMap<string, StatedLink>
}

/**
 * The datasets whose own statements decide, together with these, what becomes of the links: the other ends of what changes. Only a
 * part decides on `PART_OF`, so that of these the new wholes alone are named, which must be there.
 */
export function endsOfChanges(
  statements: readonly LinkStatement[],
  storedLinks: (dataset: EntityKey) => string | undefined,
): EntityKey[] {
  const ends = statements.flatMap((statement) => {
    const { added, removed } = compare(statement, decodeLinks(storedLinks(statement.dataset)))
    return [...added, ...removed.filter(({ kind }) => kind === 'SAME_AS')].map(({ to }) => to)
  })
  return [...new Set(ends)]
}

/**
 * What becomes of the links when these statements take the place of what their datasets stated before. A `SAME_AS` stands while one
 * of its ends states it; where both do, each direction shows the type that its own tail states.
 * @param storedLinks what each end of a change states so far
 */
export function toLinkChanges(
  statements: readonly LinkStatement[],
  storedLinks: (dataset: EntityKey) => string | undefined,
): LinkChanges {
  const ends = [...statements.map(({ dataset }) => dataset), ...endsOfChanges(statements, storedLinks)]
  const before: Stated = new Map(
    ends.map((dataset) => [dataset, toStanding(decodeLinks(storedLinks(dataset)))]),
  )
  const after = new Map(before)
  const edges = new Map<string, LinkEdge>()
  const pairs = new Map<string, DatasetPair>()
  for (const { dataset, origin, links } of statements) {
    const { added, removed } = compare({ dataset, origin, links }, before.get(dataset)?.links ?? {})
    if (added.length + removed.length === 0) continue
    after.set(dataset, toStanding({ ...after.get(dataset)?.links, [origin]: links }))
    for (const link of [...added, ...removed]) {
      for (const edge of toEdges(dataset, link)) edges.set(edge.key, edge)
      if (sourcesOfTables.includes(link.source))
        pairs.set([dataset, link.to].toSorted().join(' '), { a: dataset, b: link.to })
    }
  }
  return {
    stated: toStated(before, after),
    ...toEdgeChanges([...edges.values()], { before, after }),
    ...toPairChanges([...pairs.values()], { before, after }),
  }
}

function compare({ origin, links }: LinkStatement, stated: StatedLinks) {
  const [present, now] = [stated[origin] ?? [], links]
  const [before, after] = [new Set(present.map(toLinkText)), new Set(now.map(toLinkText))]
  return {
    added: now.filter((link) => !before.has(toLinkText(link))),
    removed: present.filter((link) => !after.has(toLinkText(link))),
  }
}

/** Links of one source between the same two nodes are one. */
export function toLinkKey(
  label: 'Dataset' | 'Job',
  { source, from, to }: Pick<IdentityLink, 'source' | 'from' | 'to'>,
): string {
  return toContentKey(`${label} ${source} ${from} ${to}`)
}

function toEdges(from: EntityKey, { kind, to, source, type }: StatedLink): LinkEdge[] {
  const toEdge = (tail: EntityKey, head: EntityKey): LinkEdge => ({
    key: toLinkKey('Dataset', { source, from: tail, to: head }),
    kind,
    from: tail,
    to: head,
    source,
    type,
  })
  return kind === 'PART_OF' ? [toEdge(from, to)] : [toEdge(from, to), toEdge(to, from)]
}

function toStated(before: Stated, after: Stated): LinkChanges['stated'] {
  return [...after].flatMap(([dataset, { links }]) => {
    const statedLinks = encodeLinks(links)
    return statedLinks === encodeLinks(before.get(dataset)?.links ?? {}) ? [] : [{ dataset, statedLinks }]
  })
}

function toEdgeChanges(
  edges: readonly LinkEdge[],
  { before, after }: { before: Stated; after: Stated },
): Pick<LinkChanges, 'written' | 'gone'> {
  const changes = edges.map((edge) => ({ edge, was: findLink(before, edge), is: findLink(after, edge) }))
  return {
    written: changes.flatMap(({ edge, was, is }) =>
      is === undefined || (was !== undefined && was.type === is.type) ? [] : [{ ...edge, type: is.type }],
    ),
    gone: changes.flatMap(({ edge, was, is }) => (was !== undefined && is === undefined ? [edge] : [])),
  }
}

/** Who states the relationship: its tail, else, where it goes both ways, its head. */
function findLink(stated: Stated, { kind, from, to, source }: LinkEdge): StatedLink | undefined {
  const states = (dataset: EntityKey, other: EntityKey) =>
    stated.get(dataset)?.byName.get(toName({ kind, source, to: other }))
  return states(from, to) ?? (kind === 'SAME_AS' ? states(to, from) : undefined)
}

function toPairChanges(
  pairs: readonly DatasetPair[],
  { before, after }: { before: Stated; after: Stated },
): Pick<LinkChanges, 'joined' | 'parted'> {
  return {
    joined: pairs.filter((pair) => !isJoined(before, pair) && isJoined(after, pair)),
    parted: pairs.filter((pair) => isJoined(before, pair) && !isJoined(after, pair)),
  }
}

function isJoined(stated: Stated, { a, b }: DatasetPair): boolean {
  const states = (dataset: EntityKey, to: EntityKey) =>
    sourcesOfTables.some((source) => stated.get(dataset)?.byName.has(toName({ kind: 'SAME_AS', source, to })))
  return states(a, b) || states(b, a)
}

function toStanding(links: StatedLinks): Standing {
  return {
    links,
    byName: new Map(
      Object.values(links)
        .flat()
        .map((link) => [toName(link), link]),
    ),
  }
}

function toName({ kind, source, to }: Pick<StatedLink, 'kind' | 'source' | 'to'>): string {
  return `${kind} ${source} ${to}`
}
