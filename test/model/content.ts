import type { JsonObject } from '../../src/openlineage/events.ts'
import type { Told } from './clock.ts'
import { objectOf, objectsOf, textOf } from './json.ts'
import { current, inputsOf, jobFacets, type Name, nameOf, outputsOf, type SaidOfDataset } from './said.ts'

/** What a job did in one run, or is said to do by one JobEvent. */
export interface Content {
  edges: Edge[]
  /** Columns that column lineage tells of, though it may tell no source of theirs. */
  columns: string[]
  sql: string | undefined
  source: string | undefined
}

/** An edge of a job's structure: `a FEEDS b`, between columns with their type and subtype. */
export interface Edge {
  subject: string
  derivation?: Derivation
  masking?: boolean
  description?: string | undefined
}

export type Derivation = (typeof derivations)[number]

/** The content that events say together: all of a run's, or a single JobEvent. */
export function contentOf(told: readonly Told[]): Content {
  const inputs = namesOf(told.flatMap(inputsOf))
  const saidOfOutputs = told.flatMap(outputsOf)
  const outputs = namesOf(saidOfOutputs)
  const lineage = outputs.map((output) =>
    columnLineageOf(
      output,
      saidOfOutputs.filter(({ dataset }) => dataset === output),
    ),
  )
  const facets = jobFacets(told)
  return {
    edges: unite([
      ...inputs.map((input) => ({ subject: `READS ${input}` })),
      ...outputs.map((output) => ({ subject: `WRITES ${output}` })),
      ...lineage.flatMap(({ output, sources }) => flowsInto(output, inputs, sources)),
      ...lineage.flatMap(({ edges }) => edges),
    ]),
    columns: lineage.flatMap(({ columns }) => columns),
    sql: textOf(current(facets, 'sql')?.facet['query']),
    source: textOf(current(facets, 'sourceCodeLocation')?.facet['version']),
  }
}

/** Equal texts for equal contents. */
export function contentText({ edges, sql, source }: Content): string {
  const texts = edges.map((edge) => JSON.stringify(edge))
  return JSON.stringify([texts.toSorted(), sql, source])
}

/**
 * Each edge once: the strongest derivation, masking if any masks, and the greatest description, for the pages prefer none of several.
 */
export function unite(edges: readonly Edge[]): Edge[] {
  const subjects = [...new Set(edges.map(({ subject }) => subject))]
  return subjects.map((subject) => {
    const same = edges.filter((edge) => edge.subject === subject)
    const derivation = derivations.find((one) => same.some((edge) => edge.derivation === one))
    return {
      subject,
      ...(derivation === undefined ? {} : { derivation }),
      masking: same.some(({ masking }) => masking === true),
      description: same
        .flatMap(({ description }) => description ?? [])
        .toSorted()
        .at(-1),
    }
  })
}

const derivations = ['EXPLICIT', 'COLUMN', 'IO'] as const

function namesOf(said: readonly SaidOfDataset[]): Name[] {
  return [...new Set(said.map(({ dataset }) => dataset))]
}

/** Every input feeds the output, and so does every source of its columns; none feeds itself. */
function flowsInto(output: Name, inputs: Name[], sources: Name[]): Edge[] {
  return [...new Set([...inputs, ...sources])]
    .filter((from) => from !== output)
    .map((from) => ({
      subject: `${from} FEEDS ${output}`,
      derivation: sources.includes(from) ? 'COLUMN' : 'IO',
    }))
}

interface ColumnLineage {
  output: Name
  sources: Name[]
  columns: string[]
  edges: Edge[]
}

function columnLineageOf(output: Name, said: readonly SaidOfDataset[]): ColumnLineage {
  const facet = current(said, 'columnLineage')?.facet
  const targets = Object.entries(objectOf(facet?.['fields']) ?? {}).map(([field, value]) => ({
    column: `${output}#${field}`,
    sources: objectsOf(objectOf(value)?.['inputFields']).flatMap((source) =>
      toSource(source, deprecatedTransformation(objectOf(value))),
    ),
  }))
  const influences = objectsOf(facet?.['dataset']).flatMap((source) => toSource(source, { type: 'DIRECT' }))
  const sources = [...targets.flatMap((target) => target.sources), ...influences]
  return {
    output,
    sources: sources.map(({ dataset }) => dataset),
    columns: [...targets.map(({ column }) => column), ...sources.map(({ column }) => column)],
    edges: [
      ...targets.flatMap((target) =>
        target.sources.flatMap((source) => toEdges(source, `FEEDS ${target.column}`)),
      ),
      ...influences.flatMap((source) => toEdges(source, `INFLUENCES ${output}`)),
    ],
  }
}

/** A column that data comes from. */
interface Source {
  dataset: Name
  /** `namespace/name#field`. */
  column: string
  transformations: JsonObject[]
}

/** The source with its transformations; with the usual one where none is told. */
function toSource(said: JsonObject, usual: JsonObject): Source[] {
  const [namespace, name, field] = ['namespace', 'name', 'field'].map((key) => textOf(said[key]))
  if (namespace === undefined || name === undefined || field === undefined) return []
  const dataset = nameOf({ namespace, name })
  const transformations = objectsOf(said['transformations'])
  return [
    {
      dataset,
      column: `${dataset}#${field}`,
      transformations: transformations.length > 0 ? transformations : [usual],
    },
  ]
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

/** An edge for each transformation. */
function toEdges({ column, transformations }: Source, what: string): Edge[] {
  return transformations.map((transformation) => {
    const subtype = textOf(transformation['subtype'])
    return {
      subject: [
        column,
        what,
        textOf(transformation['type']),
        ...(subtype === undefined ? [] : [subtype]),
      ].join(' '),
      masking: transformation['masking'] === true,
      description: textOf(transformation['description']),
    }
  })
}
