import { readPath } from '../openlineage/json-object.ts'
import { measures } from './interpret-dataset.ts'
import { integer, text, texts, type Interpretation, type Interpretations } from './interpret-facet.ts'

const statistics: Interpretation = (facet) => ({
  rowCount: integer(facet, 'rowCount'),
  byteCount: integer(facet, 'size'),
  fileCount: integer(facet, 'fileCount'),
})

/** Which properties of a READ follow from which input facet. */
export const readInterpretations: Interpretations = {
  inputStatistics: statistics,
  dataQualityMetrics: measures,
  subset: (facet) => ({ subsets: subsets(readPath(facet, ['inputCondition'])) }),
  icebergScanReport: (facet) => ({
    filter: text(facet, 'filterDescription'),
    columnsRead: texts(list(facet, 'projectedFieldNames')),
    scannedFileCount: integer(facet, 'scanMetrics', 'resultDataFiles'),
    scannedByteCount: integer(facet, 'scanMetrics', 'totalFileSizeInBytes'),
  }),
}

/** Which properties of a WROTE follow from which output facet. */
export const writeInterpretations: Interpretations = {
  outputStatistics: statistics,
  subset: (facet) => ({ subsets: subsets(readPath(facet, ['outputCondition'])) }),
  icebergCommitReport: (facet) => ({
    commitOperation: text(facet, 'operation'),
    addedRowCount: integer(facet, 'commitMetrics', 'addedRecords'),
    removedRowCount: integer(facet, 'commitMetrics', 'removedRecords'),
    addedFileCount: integer(facet, 'commitMetrics', 'addedDataFiles'),
    removedFileCount: integer(facet, 'commitMetrics', 'removedDataFiles'),
    addedByteCount: integer(facet, 'commitMetrics', 'addedFilesSizeInBytes'),
    removedByteCount: integer(facet, 'commitMetrics', 'removedFilesSizeInBytes'),
  }),
}

function list(facet: unknown, key: string): unknown[] {
  const value = readPath(facet, [key])
  return Array.isArray(value) ? value : []
}

/** The places of a subset by location; any other condition as its JSON. */
function subsets(condition: unknown): string[] | null {
  if (condition === undefined) return null
  const locations = readPath(condition, ['locations'])
  if (Array.isArray(locations)) return locations.filter((location) => typeof location === 'string').toSorted()
  return [JSON.stringify(condition)]
}
