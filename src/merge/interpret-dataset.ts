import { isJsonObject, readObjects, readPath } from '../openlineage/json-object.ts'
import { isIndexablePath } from '../project/schema-version.ts'
import {
  float,
  integer,
  text,
  texts,
  time,
  type Interpretation,
  type Interpretations,
} from './interpret-facet.ts'
import type { Properties } from './properties.ts'

/** What was measured of the data, which is not what a run counted while it read or wrote them. */
export const measures: Interpretation = (facet) => ({
  measuredRowCount: integer(facet, 'rowCount'),
  measuredByteCount: integer(facet, 'bytes'),
  measuredFileCount: integer(facet, 'fileCount'),
  dataUpdatedAt: time(facet, 'lastUpdated'),
})

/** Which properties of a Dataset follow from which facet. */
export const datasetInterpretations: Interpretations = {
  datasetType: (facet) => ({ type: text(facet, 'datasetType'), subType: text(facet, 'subType') }),
  documentation: (facet) => ({
    description: text(facet, 'description'),
    descriptionType: text(facet, 'contentType'),
  }),
  storage: (facet) => ({ storage: text(facet, 'storageLayer'), format: text(facet, 'fileFormat') }),
  dataSource: (facet) => ({ dataSource: text(facet, 'name'), dataSourceUri: text(facet, 'uri') }),
  catalog: (facet) => ({
    catalog: text(facet, 'name'),
    catalogType: text(facet, 'type'),
    catalogFramework: text(facet, 'framework'),
    catalogUri: text(facet, 'metadataUri'),
    warehouseUri: text(facet, 'warehouseUri'),
  }),
  hierarchy: (facet) => {
    const levels = readObjects(facet, 'hierarchy')
    return {
      hierarchy: texts(levels.map(({ name }) => name)),
      hierarchyTypes: texts(levels.map(({ type }) => type)),
    }
  },
  version: (facet) => ({ version: text(facet, 'datasetVersion') }),
  dataQualityMetrics: measures,
}

const toColumnProperties: Interpretation = (metrics) => ({
  valueCount: integer(metrics, 'count'),
  nullCount: integer(metrics, 'nullCount'),
  distinctCount: integer(metrics, 'distinctCount'),
  sum: float(metrics, 'sum'),
  min: float(metrics, 'min'),
  max: float(metrics, 'max'),
  quantiles: toJson(readPath(metrics, ['quantiles'])),
})

/** What a `dataQualityMetrics` facet says of each field; all null for any field that it does not name. */
export function toFieldMeasures(facet: unknown): {
  byField: Record<string, Properties>
  ofOthers: Properties
} {
  const metrics = readPath(facet, ['columnMetrics'])
  const entries = isJsonObject(metrics) ? Object.entries(metrics) : []
  const byField = entries
    .filter(([path]) => isIndexablePath(path))
    .map(([path, ofColumn]) => [path, toColumnProperties(ofColumn)] as const)
  return { byField: Object.fromEntries(byField), ofOthers: toColumnProperties(undefined) }
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
