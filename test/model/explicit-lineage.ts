import type { JsonObject } from '../../src/openlineage/events.ts'
import { type Edge, namedIn, transformationsOf, transformedEdges } from './edges.ts'
import { objectOf, objectsOf, textOf } from './json.ts'
import { isKnownJob, type Name } from './said.ts'

/** What lineage facets tell. */
export interface ExplicitLineage {
  /** Datasets of which nothing else is asked. */
  targets: Name[]
  columns: string[]
  edges: Edge[]
}

/** A lineage facet's job: the one that its event names, and the one whose structure is asked for, which a run may have learned later. */
interface Jobs {
  named: Name
  own: Name
}

/** The lineage of a job: the entries of a facet, each of a dataset or a job that data flows into. */
export function jobLineageOf(facet: JsonObject, jobs: Jobs): ExplicitLineage {
  return uniteLineage(
    objectsOf(facet['entries']).map((entry) => {
      const named = namedIn(entry)
      if (entry['type'] === 'JOB') return intoJob(entry, named ?? jobs.named, jobs)
      return named === undefined ? nothing : intoDataset(entry, named, jobs)
    }),
  )
}

/** The lineage of a dataset, as a DatasetEvent declares it. */
export function datasetLineageOf(facet: JsonObject, target: Name): ExplicitLineage {
  return intoDataset(facet, target, undefined)
}

const nothing: ExplicitLineage = { targets: [], columns: [], edges: [] }

export function uniteLineage(parts: readonly ExplicitLineage[]): ExplicitLineage {
  return {
    targets: [...new Set(parts.flatMap(({ targets }) => targets))],
    columns: parts.flatMap(({ columns }) => columns),
    edges: parts.flatMap(({ edges }) => edges),
  }
}

function intoDataset(said: JsonObject, target: Name, jobs: Jobs | undefined): ExplicitLineage {
  const fields = Object.entries(objectOf(said['fields']) ?? {}).map(([field, value]) =>
    intoField(objectOf(value) ?? {}, target, `${target}#${field}`, jobs),
  )
  const inputs = objectsOf(said['inputs']).map((input) => ofDataset(input, target, jobs))
  return { ...uniteLineage([...inputs, ...fields]), targets: [target] }
}

/** A source of a dataset as a whole: a dataset, a column that concerns all of it, a job. */
function ofDataset(input: JsonObject, target: Name, jobs: Jobs | undefined): ExplicitLineage {
  const end = endOf(input, jobs)
  if (end === undefined) return nothing
  if (end.job !== undefined)
    return { ...nothing, edges: ofJob(end.isOwn, toEdges(`${end.subject} FEEDS ${target}`, input, {})) }
  return {
    targets: [],
    columns: end.columns,
    edges: [
      ...feeds(end.dataset, target),
      ...(end.columns.length > 0
        ? toEdges(`${end.subject} INFLUENCES ${target}`, input, { type: 'INDIRECT' })
        : []),
    ],
  }
}

function intoField(said: JsonObject, target: Name, column: string, jobs: Jobs | undefined): ExplicitLineage {
  const sources = objectsOf(said['inputs']).flatMap((input): ExplicitLineage[] => {
    const end = endOf(input, jobs)
    if (end === undefined) return []
    return [
      {
        targets: [],
        columns: end.columns,
        edges: [
          ...(end.isOwn ? [] : feeds(end.dataset ?? end.subject, target)),
          ...toEdges(
            `${end.subject} FEEDS ${column}`,
            input,
            end.columns.length > 0 ? { type: 'DIRECT' } : {},
          ),
        ],
      },
    ]
  })
  return uniteLineage([{ ...nothing, columns: [column] }, ...sources])
}

function intoJob(entry: JsonObject, job: Name, jobs: Jobs): ExplicitLineage {
  const target = `job:${job}`
  if (!isKnownJob(job)) return nothing
  return uniteLineage(
    objectsOf(entry['inputs']).map((input) => {
      const end = endOf(input, jobs)
      if (end === undefined || end.subject === target) return nothing
      const isColumn = end.columns.length > 0
      return {
        targets: [],
        columns: end.columns,
        edges: ofJob(end.isOwn || job === jobs.own, [
          ...(isColumn ? feeds(end.dataset, target) : []),
          ...toEdges(`${end.subject} FEEDS ${target}`, input, isColumn ? { type: 'INDIRECT' } : {}),
        ]),
      }
    }),
  )
}

/** Of the own job an edge says how it transforms: that it reads and writes is said by READS and WRITES. */
function ofJob(isOwn: boolean, edges: Edge[]): Edge[] {
  const wordsOfPlainEdge = 3
  return isOwn ? edges.filter(({ subject }) => subject.split(' ').length > wordsOfPlainEdge) : edges
}

/** Where data comes from. */
interface End {
  subject: string
  dataset?: Name
  job?: Name
  isOwn: boolean
  columns: string[]
}

function endOf(input: JsonObject, jobs: Jobs | undefined): End | undefined {
  const named = namedIn(input)
  if (input['type'] === 'JOB') {
    const job = named ?? jobs?.named
    return job === undefined || !isKnownJob(job)
      ? undefined
      : { subject: `job:${job}`, job, isOwn: job === jobs?.own, columns: [] }
  }
  const field = textOf(input['field'])
  if (named === undefined) return undefined
  const columns = field === undefined ? [] : [`${named}#${field}`]
  return { subject: columns[0] ?? named, dataset: named, isOwn: false, columns }
}

/** Nothing feeds itself. */
function feeds(from: Name | undefined, to: Name): Edge[] {
  return from === undefined || from === to ? [] : [{ subject: `${from} FEEDS ${to}`, derivation: 'EXPLICIT' }]
}

function toEdges(what: string, input: JsonObject, usual: JsonObject): Edge[] {
  return transformedEdges(what, 'EXPLICIT', transformationsOf(input, usual))
}
