import { namedIn } from './edges.ts'
import { objectsOf, textOf } from './json.ts'
import { current, type Name, type SaidOfDataset } from './said.ts'

/** Two names of one dataset. */
export interface SameAs {
  from: Name
  to: Name
  source: 'SYMLINK' | 'CATALOG'
  type: string | undefined
}

/** All that joins names of datasets, in both directions: the newest symlinks and the newest catalog of each. */
export function sameAsOf(said: readonly SaidOfDataset[]): SameAs[] {
  const names = [...new Set(said.map(({ dataset }) => dataset))]
  const links = names.flatMap((name) => {
    const own = said.filter(({ dataset }) => dataset === name)
    return [...symlinksOf(name, own), ...catalogOf(name, own)]
  })
  return [...links, ...links.map((link) => ({ ...link, from: link.to, to: link.from, type: undefined }))]
}

function symlinksOf(from: Name, own: readonly SaidOfDataset[]): SameAs[] {
  return objectsOf(current(own, 'symlinks')?.facet['identifiers']).flatMap((identifier) => {
    const to = namedIn(identifier)
    if (to === undefined || to === from) return []
    return [{ from, to, source: 'SYMLINK', type: textOf(identifier['type']) }]
  })
}

/** A Hive table's directory in the warehouse, and the name that the catalog has for it. The small world has one warehouse. */
function catalogOf(from: Name, own: readonly SaidOfDataset[]): SameAs[] {
  const uri = textOf(current(own, 'catalog')?.facet['warehouseUri'])
  if (uri === undefined) return []
  const warehouse = uri.replace(/^s3a:/, 's3:').replace(/\/$/, '')
  const [, database, table] =
    (from.startsWith(`${warehouse}/`)
      ? /(?:^|\/)([^/]+)\.db\/([^/]+)$/.exec(from.slice(warehouse.length + 1))
      : null) ?? []
  if (database === undefined || table === undefined) return []
  return [{ from, to: `${warehouse}/${database}.${table}`, source: 'CATALOG', type: 'TABLE' }]
}
