import type { Told } from './clock.ts'
import { columnLineageOf } from './column-lineage.ts'
import { type Edge, uniteEdges } from './edges.ts'
import { type ExplicitLineage, jobLineageOf, uniteLineage } from './explicit-lineage.ts'
import { facetOf, textOf } from './json.ts'
import {
  current,
  hasJob,
  inputsOf,
  jobFacets,
  type Name,
  nameOf,
  outputsOf,
  type SaidOfDataset,
} from './said.ts'

/** What a job did in one run, or is said to do by one JobEvent. */
export interface Content {
  edges: Edge[]
  /** Columns that lineage tells of, though it may tell no source of theirs. */
  columns: string[]
  sql: string | undefined
  source: string | undefined
}

/** The content that events of a job say together: all of a run's, or a single JobEvent. */
export function contentOf(job: Name, told: readonly Told[]): Content {
  const inputs = namesOf(told.flatMap(inputsOf))
  const saidOfOutputs = told.flatMap(outputsOf)
  const outputs = namesOf(saidOfOutputs)
  const facets = jobFacets(told)
  // Entries add up over the events of a run.
  const explicit = uniteLineage(told.flatMap((one) => lineageOf(one, job)))
  const implied = outputs
    .filter((output) => !explicit.targets.includes(output))
    .map((output) => impliedLineage(output, inputs, saidOfOutputs))
  return {
    edges: uniteEdges([
      ...inputs.map((input) => ({ subject: `READS ${input}` })),
      ...outputs.map((output) => ({ subject: `WRITES ${output}` })),
      ...implied.flatMap(({ edges }) => edges),
      ...explicit.edges,
    ]),
    columns: [...implied, explicit].flatMap(({ columns }) => columns),
    sql: textOf(current(facets, 'sql')?.facet['query']),
    source: textOf(current(facets, 'sourceCodeLocation')?.facet['version']),
  }
}

/** Equal texts for equal contents. */
export function contentText({ edges, sql, source }: Content): string {
  return JSON.stringify([edges.map((edge) => JSON.stringify(edge)).toSorted(), sql, source])
}

function lineageOf({ event }: Told, own: Name): ExplicitLineage[] {
  const facet = hasJob(event) ? facetOf(event.job.facets, 'lineage') : undefined
  return facet === undefined || !hasJob(event) ? [] : [jobLineageOf(facet, { named: nameOf(event.job), own })]
}

function namesOf(said: readonly SaidOfDataset[]): Name[] {
  return [...new Set(said.map(({ dataset }) => dataset))]
}

/** Every input feeds the output, and so does every source of its columns; nothing feeds itself. */
function impliedLineage(
  output: Name,
  inputs: Name[],
  outputs: readonly SaidOfDataset[],
): { edges: Edge[]; columns: string[] } {
  const said = outputs.filter(({ dataset }) => dataset === output)
  const { sources, columns, edges } = columnLineageOf(output, current(said, 'columnLineage')?.facet)
  const flows = [...new Set([...inputs, ...sources])]
    .filter((from) => from !== output)
    .map((from): Edge => ({
      subject: `${from} FEEDS ${output}`,
      derivation: sources.includes(from) ? 'COLUMN' : 'IO',
    }))
  return { edges: [...flows, ...edges], columns }
}
