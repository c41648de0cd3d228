import type { CatalogDatasetFacet } from '../../../src/openlineage/facet-types.ts'
import { toCatalogTable } from '../../../src/project/catalog-table.ts'

function hive(warehouseUri: string): CatalogDatasetFacet {
  return { framework: 'hive', type: 'hive', name: 'default', warehouseUri }
}

const orders = { namespace: 's3://bucket', name: 'warehouse/sales.db/orders' }
const table = { namespace: 's3://bucket/warehouse', name: 'sales.orders' }

describe('the table behind a path in a Hive warehouse', () => {
  it('is named by its database and itself, within the warehouse', () => {
    expect(toCatalogTable(orders, hive('s3://bucket/warehouse'))).toEqual(table)
  })

  it('is the same for the path that Spark names when it drops a table', () => {
    const dropped = { namespace: 's3://bucket', name: 'warehouse/sales.db/sales.db/orders' }

    expect(toCatalogTable(dropped, hive('s3://bucket/warehouse'))).toEqual(table)
  })

  it.each([
    's3a://bucket/warehouse',
    's3n://bucket/warehouse/',
    'S3://bucket/warehouse//',
    's3://bucket//warehouse',
  ])('is the same by the spelling %s', (warehouseUri) => {
    expect(toCatalogTable(orders, hive(warehouseUri))).toEqual(table)
  })

  it('is the same where the path is spelled with another scheme, or a slash in front', () => {
    expect(toCatalogTable({ ...orders, namespace: 's3a://bucket' }, hive('s3://bucket/warehouse'))).toEqual(
      table,
    )
    expect(toCatalogTable({ ...orders, name: `/${orders.name}` }, hive('s3://bucket/warehouse'))).toEqual(
      table,
    )
  })

  it.each(['file:/data/warehouse', 'file:///data/warehouse/', '/data/warehouse'])(
    'is found on a local disk: %s',
    (warehouseUri) => {
      const local = { namespace: 'file', name: '/data/warehouse/sales.db/orders' }

      expect(toCatalogTable(local, hive(warehouseUri))).toEqual({
        namespace: 'file:/data/warehouse',
        name: 'sales.orders',
      })
    },
  )

  it.each([
    ['hdfs://name-node:8020', '/user/hive/warehouse', 'hdfs://name-node:8020/user/hive/warehouse'],
    ['gs://bucket', 'warehouse', 'gs://bucket/warehouse'],
    ['abfss://lake@account.dfs.core.windows.net', 'w', 'abfs://lake@account.dfs.core.windows.net/w'],
    ['s3://bucket', '', 's3://bucket'],
  ])('is found in any store: %s %s', (namespace, directory, warehouseUri) => {
    const found = toCatalogTable({ namespace, name: `${directory}/sales.db/orders` }, hive(warehouseUri))

    expect(found).toEqual({ namespace: warehouseUri.replace('abfs:', 'abfss:'), name: 'sales.orders' })
  })

  it.each([
    ['outside of the warehouse', 's3://bucket', 'elsewhere/sales.db/orders'],
    ['in a directory whose name only begins alike', 's3://bucket', 'warehouse2/sales.db/orders'],
    ['in another bucket', 's3://other', 'warehouse/sales.db/orders'],
    ['of a partition', 's3://bucket', 'warehouse/sales.db/orders/day=1'],
    ['of a database', 's3://bucket', 'warehouse/sales.db'],
    ['of a database, twice', 's3://bucket', 'warehouse/sales.db/sales.db'],
    ['of one database within another', 's3://bucket', 'warehouse/sales.db/other.db/orders'],
    ['beside the databases', 's3://bucket', 'warehouse/orders'],
    ['of the warehouse itself', 's3://bucket', 'warehouse'],
  ])('is not guessed from a path %s', (_, namespace, name) => {
    expect(toCatalogTable({ namespace, name }, hive('s3://bucket/warehouse'))).toBeUndefined()
  })

  it('is not guessed without a place of the warehouse, nor in catalogs that lay out files as they like', () => {
    const { warehouseUri: _, ...homeless } = hive('')
    expect(toCatalogTable(orders, homeless)).toBeUndefined()
    expect(toCatalogTable(orders, hive(''))).toBeUndefined()
    expect(toCatalogTable(orders, hive('not a uri'))).toBeUndefined()
    const catalog = { name: 'c', warehouseUri: 's3://bucket/warehouse' }
    expect(toCatalogTable(orders, { ...catalog, framework: 'delta', type: 'delta' })).toBeUndefined()
    expect(toCatalogTable(orders, { ...catalog, framework: 'iceberg', type: 'rest' })).toBeUndefined()
  })
})

describe("the table behind a path in Iceberg's Hadoop catalog", () => {
  const hadoop = { framework: 'iceberg', type: 'hadoop', name: 'lake', warehouseUri: 's3a://bucket/iceberg' }

  it.each([
    ['iceberg/db/orders', 'db.orders'],
    ['iceberg/a/b/orders', 'a.b.orders'],
  ])('is named by all steps to it: %s', (name, expected) => {
    const found = toCatalogTable({ namespace: 's3://bucket', name }, hadoop)

    expect(found).toEqual({ namespace: 's3://bucket/iceberg', name: expected })
  })

  it('is not guessed where a step has a dot in it', () => {
    expect(toCatalogTable({ namespace: 's3://bucket', name: 'iceberg/a.b/orders' }, hadoop)).toBeUndefined()
  })
})
