import { toDateTime, toInteger } from '../graph/values.ts'
import { readPath } from '../openlineage/json-object.ts'
import { toInstant } from '../openlineage/time.ts'
import type { FacetRegisters } from '../project/facet-registers.ts'
import type { Properties } from './properties.ts'

/** Characters of a SQL text kept as a property; the whole stands in its facet. */
const SQL_LENGTH_MAX = 65_536

type Interpretation = (facet: unknown) => Properties

/** Which properties follow from which facet of a job. */
const ofJob: Record<string, Interpretation> = {
  jobType: (facet) => ({
    integration: text(facet, 'integration'),
    processingType: text(facet, 'processingType'),
    jobType: text(facet, 'jobType'),
  }),
  documentation: (facet) => ({ description: text(facet, 'description') }),
  sql: (facet) => ({ sql: text(facet, 'query')?.slice(0, SQL_LENGTH_MAX) ?? null }),
  sourceCodeLocation: (facet) => ({ sourceLocation: text(facet, 'url') }),
}

const ofDataset: Record<string, Interpretation> = {
  datasetType: (facet) => ({ type: text(facet, 'datasetType') }),
  documentation: (facet) => ({ description: text(facet, 'description') }),
  storage: (facet) => ({ storage: text(facet, 'storageLayer'), format: text(facet, 'fileFormat') }),
}

const ofRun: Record<string, Interpretation> = {
  nominalTime: (facet) => ({
    nominalStartAt: time(facet, 'nominalStartTime'),
    nominalEndAt: time(facet, 'nominalEndTime'),
  }),
  processing_engine: (facet) => ({ engine: text(facet, 'name'), engineVersion: text(facet, 'version') }),
  airflow: (facet) => {
    const taskInstance = readPath(facet, ['taskInstance'])
    return {
      attempt: integer(taskInstance, 'try_number'),
      mapIndex: integer(taskInstance, 'map_index'),
      logUrl: text(taskInstance, 'log_url'),
    }
  },
}

const statistics: Interpretation = (facet) => ({
  rowCount: integer(facet, 'rowCount'),
  byteCount: integer(facet, 'size'),
  fileCount: integer(facet, 'fileCount'),
})

const ofRead: Record<string, Interpretation> = {
  inputStatistics: statistics,
  subset: (facet) => ({ subsets: subsets(readPath(facet, ['inputCondition'])) }),
}

const ofWrite: Record<string, Interpretation> = {
  outputStatistics: statistics,
  subset: (facet) => ({ subsets: subsets(readPath(facet, ['outputCondition'])) }),
}

const interpretations = { job: ofJob, dataset: ofDataset, run: ofRun, read: ofRead, write: ofWrite }

/** The properties that follow from facets which changed. A facet that is deleted, or breaks its schema, says nothing: null. */
export function toInterpretedProperties(
  kind: keyof typeof interpretations,
  changed: FacetRegisters,
): Properties {
  const properties: Properties = {}
  for (const [key, { value }] of changed) {
    const interpret = Object.hasOwn(interpretations[kind], key) ? interpretations[kind][key] : undefined
    if (interpret !== undefined) Object.assign(properties, interpret(value))
  }
  return properties
}

function text(facet: unknown, key: string): string | null {
  const value = readPath(facet, [key])
  return typeof value === 'string' && value !== '' ? value : null
}

function integer(facet: unknown, key: string): unknown {
  const value = readPath(facet, [key])
  return typeof value === 'number' ? (toInteger(value) ?? null) : null
}

function time(facet: unknown, key: string): unknown {
  const instant = toInstant(text(facet, key) ?? '')
  return instant === undefined ? null : toDateTime(instant)
}

/** The places of a subset by location; any other condition as its JSON. */
function subsets(condition: unknown): string[] | null {
  if (condition === undefined) return null
  const locations = readPath(condition, ['locations'])
  if (Array.isArray(locations)) return locations.filter((location) => typeof location === 'string').toSorted()
  return [JSON.stringify(condition)]
}
