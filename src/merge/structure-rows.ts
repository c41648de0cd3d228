import { toDateTime } from '../graph/values.ts'
import { byKey } from '../openlineage/canonical-json.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import {
  derivations,
  type Derivation,
  type DatasetFlow,
  type FieldFlow,
  type FlowEnd,
  type FlowManner,
  type Influence,
  type MixedFlow,
  type Structure,
} from '../project/structure.ts'

/** A structure that a job has, or had, between two times. */
export interface Contribution {
  /** The job whose structure it is; undefined where events of a dataset declare it. */
  job: EntityKey | undefined
  structure: Structure
  first: Instant
  /** Rounded down to the hour. */
  last: Instant
  /** Whether the job's newest completed run implies it. */
  isCurrent: boolean
}

interface Edge {
  job: EntityKey | undefined
  first: Instant
  last: Instant
  isCurrent: boolean
}

/** What several contributions make of each edge: the widest span, current where one of them is, the strongest derivation. */
export interface StructureRows {
  reads: Record<string, unknown>[]
  writes: Record<string, unknown>[]
  feeds: Record<string, unknown>[]
  fieldFeeds: Record<string, unknown>[]
  /** Those of jobs that have no flow yet. */
  newFieldFeeds: Record<string, unknown>[]
  influences: Record<string, unknown>[]
  mixedFeeds: Record<string, unknown>[]
}

/** @param newJobs jobs that have no flow yet */
export function toStructureRows(
  contributions: readonly Contribution[],
  newJobs: ReadonlySet<EntityKey> = new Set(),
): StructureRows {
  const reads = new Map<string, Edge & { dataset: EntityKey }>()
  const writes = new Map<string, Edge & { dataset: EntityKey }>()
  const feeds = new Map<string, Edge & DatasetFlow>()
  const fieldFeeds = new Map<string, ColumnEdge<FieldFlow>>()
  const influences = new Map<string, ColumnEdge<Influence>>()
  const mixedFeeds = new Map<string, ColumnEdge<MixedFlow>>()
  for (const { job, structure, first, last, isCurrent } of contributions) {
    const edge: Edge = { job, first, last, isCurrent }
    for (const dataset of structure.reads) fold(reads, `${job} ${dataset}`, { ...edge, dataset })
    for (const dataset of structure.writes) fold(writes, `${job} ${dataset}`, { ...edge, dataset })
    for (const flow of structure.feeds) foldDatasetFlow(feeds, { ...edge, ...flow })
    for (const flow of structure.fieldFeeds) foldColumnFlow(fieldFeeds, flow, edge)
    for (const flow of structure.influences) foldColumnFlow(influences, flow, edge)
    for (const flow of structure.mixedFeeds) foldColumnFlow(mixedFeeds, flow, edge)
  }
  const toFieldFeedRow = (edge: ColumnEdge<FieldFlow>) =>
    toColumnRow(edge, toFromField(edge), toToField(edge))
  const isNew = ({ edge: { job } }: ColumnEdge<FieldFlow>) => job !== undefined && newJobs.has(job)
  const columns = sorted(fieldFeeds)
  return {
    reads: sorted(reads).map(toJobRow),
    writes: sorted(writes).map(toJobRow),
    feeds: sorted(feeds).map(toFeedRow),
    fieldFeeds: columns.filter((edge) => !isNew(edge)).map(toFieldFeedRow),
    newFieldFeeds: columns.filter(isNew).map(toFieldFeedRow),
    influences: sorted(influences).map((edge) =>
      toColumnRow(edge, toFromField(edge), fromEntityKey(edge.flow.to)),
    ),
    mixedFeeds: sorted(mixedFeeds).map((edge) =>
      toColumnRow(edge, toEnd(edge.flow.from), toEnd(edge.flow.to)),
    ),
  }
}

/** Edges of columns are by far the most: what is made for each is written out, since spreading takes several times as long. */
interface ColumnEdge<F extends FlowManner> {
  flow: F
  edge: Edge
  derivation: Derivation
  masking: boolean
  description: string
}

function fold<T extends Edge>(into: Map<string, T>, key: string, edge: T): void {
  const present = into.get(key)
  into.set(key, present === undefined ? edge : { ...present, ...joinSpans(present, edge) })
}

function foldDatasetFlow(into: Map<string, Edge & DatasetFlow>, edge: Edge & DatasetFlow): void {
  const present = into.get(edge.key)
  into.set(edge.key, {
    ...edge,
    ...(present === undefined ? {} : joinSpans(present, edge)),
    derivation: strongerDerivation(present?.derivation, edge.derivation),
  })
}

function foldColumnFlow<F extends FlowManner>(into: Map<string, ColumnEdge<F>>, flow: F, edge: Edge): void {
  const { derivation, masking, description } = flow
  const present = into.get(flow.key)
  if (present === undefined) {
    into.set(flow.key, { flow, edge, derivation, masking, description })
    return
  }
  into.set(flow.key, {
    flow,
    edge: { ...edge, ...joinSpans(present.edge, edge) },
    derivation: strongerDerivation(present.derivation, derivation),
    masking: present.masking || masking,
    description: present.description > description ? present.description : description,
  })
}

function strongerDerivation(a: Derivation | undefined, b: Derivation): Derivation {
  return a !== undefined && derivations.indexOf(a) > derivations.indexOf(b) ? a : b
}

function joinSpans(a: Edge, b: Edge): Pick<Edge, 'first' | 'last' | 'isCurrent'> {
  return {
    first: a.first < b.first ? a.first : b.first,
    last: a.last > b.last ? a.last : b.last,
    isCurrent: a.isCurrent || b.isCurrent,
  }
}

function sorted<T>(edges: Map<string, T>): T[] {
  return [...edges].toSorted(byKey).map(([, edge]) => edge)
}

function toJobRow({ job, dataset, first, last, isCurrent }: Edge & { dataset: EntityKey }) {
  return {
    job: toJob(job),
    dataset: fromEntityKey(dataset),
    first: toDateTime(first),
    last: toDateTime(last),
    isCurrent,
  }
}

function toFeedRow({ key, job, from, to, derivation, first, last, isCurrent }: Edge & DatasetFlow) {
  return {
    key,
    job: toJob(job),
    from: fromEntityKey(from),
    to: fromEntityKey(to),
    derivation,
    first: toDateTime(first),
    last: toDateTime(last),
    isCurrent,
  }
}

function toColumnRow(
  {
    flow: { key, type, subtype },
    edge: { job, first, last, isCurrent },
    derivation,
    masking,
    description,
  }: ColumnEdge<FlowManner>,
  from: object,
  to: object,
) {
  return {
    key,
    job: toJob(job),
    from,
    to,
    derivation,
    type: type === '' ? null : type,
    subtype: subtype === '' ? null : subtype,
    masking,
    description: description === '' ? null : description,
    first: toDateTime(first),
    last: toDateTime(last),
    isCurrent,
  }
}

function toJob(job: EntityKey | undefined) {
  return job === undefined ? null : fromEntityKey(job)
}

function toFromField({ flow: { from, fromField } }: ColumnEdge<Influence>) {
  return toField(from, fromField)
}

function toToField({ flow: { to, toField: field } }: ColumnEdge<FieldFlow>) {
  return toField(to, field)
}

function toField(dataset: EntityKey, field: string) {
  const { namespace, name } = fromEntityKey(dataset)
  return { namespace, name, field }
}

function toEnd({ kind, entity, field }: FlowEnd) {
  const { namespace, name } = fromEntityKey(entity)
  return { kind: field === undefined ? kind : 'FIELD', namespace, name, field: field ?? null }
}
