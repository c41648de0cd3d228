import type { JsonObject } from '../../src/openlineage/events.ts'
import { type Edge, namedIn, transformationsOf, transformedEdges } from './edges.ts'
import { objectOf, objectsOf, textOf } from './json.ts'
import type { Name } from './said.ts'

/** What a columnLineage facet tells of one dataset. */
export interface ColumnLineage {
  /** Datasets whose columns it names. */
  sources: Name[]
  /** Every column it names, as `namespace/name#field`: of some it may tell no source. */
  columns: string[]
  edges: Edge[]
}

export function columnLineageOf(target: Name, facet: JsonObject | undefined): ColumnLineage {
  const fields = Object.entries(objectOf(facet?.['fields']) ?? {}).map(([field, value]) => ({
    column: `${target}#${field}`,
    sources: objectsOf(objectOf(value)?.['inputFields']).flatMap((source) =>
      toSource(source, deprecatedTransformation(objectOf(value))),
    ),
  }))
  const influences = objectsOf(facet?.['dataset']).flatMap((source) => toSource(source, { type: 'INDIRECT' }))
  const sources = [...fields.flatMap((field) => field.sources), ...influences]
  return {
    sources: [...new Set(sources.map(({ dataset }) => dataset))],
    columns: [...fields, ...sources].map(({ column }) => column),
    edges: [
      ...fields.flatMap(({ column, sources: told }) =>
        told.flatMap((source) => toEdges(source, `FEEDS ${column}`)),
      ),
      ...influences.flatMap((source) => toEdges(source, `INFLUENCES ${target}`)),
    ],
  }
}

/** A column that data comes from. */
interface Source {
  dataset: Name
  column: string
  transformations: JsonObject[]
}

function toSource(said: JsonObject, usual: JsonObject): Source[] {
  const [dataset, field] = [namedIn(said), textOf(said['field'])]
  if (dataset === undefined || field === undefined) return []
  return [{ dataset, column: `${dataset}#${field}`, transformations: transformationsOf(said, usual) }]
}

/** The older form of column lineage tells one transformation for all sources of a column: IDENTITY or MASKED. */
function deprecatedTransformation(target: JsonObject | undefined): JsonObject {
  const type = textOf(target?.['transformationType'])
  const description = textOf(target?.['transformationDescription'])
  return {
    type: 'DIRECT',
    ...(type === 'IDENTITY' ? { subtype: 'IDENTITY' } : {}),
    masking: type === 'MASKED',
    ...(description === undefined ? {} : { description }),
  }
}

function toEdges({ column, transformations }: Source, what: string): Edge[] {
  return transformedEdges(`${column} ${what}`, 'COLUMN', transformations)
}
