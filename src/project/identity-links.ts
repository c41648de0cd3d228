import { toCanonicalJson, toObjectText } from '../openlineage/canonical-json.ts'
import { fromEntityKey, isNodeName, toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { toCatalogTable } from './catalog-table.ts'
import { interpretedFacet, type FacetRegisters } from './facet-registers.ts'

/** Another name for the same data, or the whole that the data is a part of. */
export interface IdentityLink {
  /** `SAME_AS` goes both ways, `PART_OF` from the part to the whole. */
  kind: 'SAME_AS' | 'PART_OF'
  from: EntityKey
  to: EntityKey
  /** Why it is so: `SYMLINK`, `CATALOG`, or the name of an identity rule. */
  source: string
  /** What a symlink says that the other name is: `TABLE`, `LOCATION`. */
  type?: string | undefined
}

/**
 * By what means a dataset states links: its symlinks facet, its catalog facet, the identity rules that its name meets. Each means
 * has a whole set, replaced as one.
 */
export type LinkOrigin = 'SYMLINK' | 'CATALOG' | 'RULES'

/** All links that a dataset states by one means: those that it stated by it before and that are not among them go. */
export interface LinkStatement {
  dataset: EntityKey
  origin: LinkOrigin
  links: IdentityLink[]
}

/** All links that one dataset states, as they stand on its node. */
export type StatedLinks = Partial<Record<LinkOrigin, StatedLink[]>>

export type StatedLink = Omit<IdentityLink, 'from'>

/** Characters of a symlink's type; the standard leaves the word open. */
const LINK_TYPE_LENGTH_MAX = 64

/** What a dataset's own facets say of its identity. A facet that is deleted, or breaks its schema, says that there is nothing. */
export function toLinkStatements(dataset: EntityKey, facets: FacetRegisters): LinkStatement[] {
  const statements: LinkStatement[] = []
  if (facets.has('symlinks'))
    statements.push({ dataset, origin: 'SYMLINK', links: toSymlinks(dataset, facets) })
  if (facets.has('catalog'))
    statements.push({ dataset, origin: 'CATALOG', links: toCatalogLinks(dataset, facets) })
  return statements
}

/** The links as text; equal links give equal texts. Null where there are none. */
export function encodeLinks(links: StatedLinks): string | null {
  const stated = Object.entries(links)
    .filter(([, ofOrigin]) => ofOrigin.length > 0)
    .map(([origin, ofOrigin]) => [origin, `[${ofOrigin.map(toLinkText).toSorted().join(',')}]`] as const)
  return stated.length === 0 ? null : toObjectText(stated)
}

/** The links behind a text that `encodeLinks` made. */
export function decodeLinks(text: string | undefined): StatedLinks {
  if (text === undefined) return {}
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by encodeLinks alone
  return JSON.parse(text) as StatedLinks
}

/** What is stated of the other end; links with one text are one. */
export function toLinkText({ kind, to, source, type }: StatedLink): string {
  return toCanonicalJson({ kind, to, source, type })
}

function toSymlinks(dataset: EntityKey, facets: FacetRegisters): IdentityLink[] {
  const typeByName = new Map<EntityKey, string>()
  for (const { namespace, name, type } of interpretedFacet(facets, 'symlinks')?.identifiers ?? []) {
    const to = toEntityKey({ namespace, name })
    if (to === dataset || !isNodeName({ namespace, name })) continue
    const stated = type.toUpperCase().slice(0, LINK_TYPE_LENGTH_MAX)
    const present = typeByName.get(to)
    // Spark sends the same symlinks in any order: of two types for one name, the place must not decide.
    if (present === undefined || stated > present) typeByName.set(to, stated)
  }
  return [...typeByName].map(([to, type]) => ({
    kind: 'SAME_AS',
    from: dataset,
    to,
    source: 'SYMLINK',
    type,
  }))
}

function toCatalogLinks(dataset: EntityKey, facets: FacetRegisters): IdentityLink[] {
  const catalog = interpretedFacet(facets, 'catalog')
  const table = catalog === undefined ? undefined : toCatalogTable(fromEntityKey(dataset), catalog)
  if (table === undefined || !isNodeName(table)) return []
  const to = toEntityKey(table)
  return to === dataset ? [] : [{ kind: 'SAME_AS', from: dataset, to, source: 'CATALOG', type: 'TABLE' }]
}
