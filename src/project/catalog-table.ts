import type { CatalogDatasetFacet } from '../openlineage/facet-types.ts'
import type { EntityName } from '../openlineage/keys.ts'

/**
 * The name that a table has in its catalog, from where its files lie: `s3://bucket/warehouse` and `sales.orders` for
 * `warehouse/sales.db/orders`. Spark states the very same name as a symlink when it makes a table, and not when it drops one.
 * @returns undefined where the place does not tell the table for certain
 */
export function toCatalogTable(
  { namespace, name }: EntityName,
  { framework, type, warehouseUri = '' }: CatalogDatasetFacet,
): EntityName | undefined {
  const warehouse = toLocation(warehouseUri)
  const place = toLocation(`${namespace.includes(':') ? namespace : `${namespace}:`}/${trimStart(name)}`)
  if (warehouse === undefined || place === undefined || !isWithin(place, warehouse)) return undefined
  const toName = tableNaming(framework.toLowerCase(), type.toLowerCase())
  const table = toName?.(place.path.slice(warehouse.path.length))
  return table === undefined ? undefined : { namespace: toUri(warehouse), name: table }
}

interface Location {
  /** Scheme and authority: `s3://bucket`, `file:`. */
  root: string
  path: string[]
}

/** Schemes that are other clients for one and the same store, by the name that OpenLineage gives it. */
const storeByScheme: ReadonlyMap<string, string> = new Map([
  ['s3a', 's3'],
  ['s3n', 's3'],
  ['abfs', 'abfss'],
  ['wasb', 'wasbs'],
])

const uriPattern = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?(?:\/\/(?<authority>[^/]*))?(?<path>\/.*)?$/i

/** `file:/a`, `file:///a/` and `/a` are one place. */
function toLocation(uri: string): Location | undefined {
  const { scheme = 'file', authority = '', path = '' } = uriPattern.exec(uri)?.groups ?? {}
  const steps = path.split('/').filter((step) => step !== '')
  if (authority === '' && steps.length === 0) return undefined
  const store = storeByScheme.get(scheme.toLowerCase()) ?? scheme.toLowerCase()
  return { root: authority === '' ? `${store}:` : `${store}://${authority}`, path: steps }
}

function toUri({ root, path }: Location): string {
  return [root, ...path].join('/')
}

function isWithin(place: Location, whole: Location): boolean {
  return place.root === whole.root && whole.path.every((step, index) => step === place.path[index])
}

function trimStart(name: string): string {
  return name.replace(/^\/+/, '')
}

type TableNaming = (path: string[]) => string | undefined

/** Other catalogs lay their files out as they like. */
function tableNaming(framework: string, type: string): TableNaming | undefined {
  if (framework === 'hive') return toHiveTable
  if (framework === 'iceberg' && type === 'hadoop') return toHadoopTable
  return undefined
}

/**
 * A table lies in the directory of its database. Spark's DROP puts that directory behind itself once more. The tables of the default
 * database lie beside the databases, where other things lie as well: those are left alone, and dropped by their right name anyway.
 */
function toHiveTable([directory = '', ...rest]: string[]): string | undefined {
  const database = /^(?<database>[^.]+)\.db$/.exec(directory)?.groups?.['database']
  const [table = '', ...deeper] = rest[0] === directory ? rest.slice(1) : rest
  if (database === undefined || table === '' || table.includes('.') || deeper.length > 0) return undefined
  return `${database}.${table}`
}

/** Iceberg's Hadoop catalog knows a table by its place alone. */
function toHadoopTable(path: string[]): string | undefined {
  const isNamed = path.length > 0 && path.every((step) => !step.includes('.'))
  return isNamed ? path.join('.') : undefined
}
