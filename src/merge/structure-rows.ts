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
  influences: Record<string, unknown>[]
  mixedFeeds: Record<string, unknown>[]
}

export function toStructureRows(contributions: readonly Contribution[]): StructureRows {
  const reads = new Map<string, Edge & { dataset: EntityKey }>()
  const writes = new Map<string, Edge & { dataset: EntityKey }>()
  const feeds = new Map<string, Edge & DatasetFlow>()
  const fieldFeeds = new Map<string, Edge & FieldFlow>()
  const influences = new Map<string, Edge & Influence>()
  const mixedFeeds = new Map<string, Edge & MixedFlow>()
  for (const { job, structure, first, last, isCurrent } of contributions) {
    const edge = { job, first, last, isCurrent }
    for (const dataset of structure.reads) fold(reads, `${job} ${dataset}`, { ...edge, dataset })
    for (const dataset of structure.writes) fold(writes, `${job} ${dataset}`, { ...edge, dataset })
    for (const flow of structure.feeds) foldDatasetFlow(feeds, { ...edge, ...flow })
    for (const flow of structure.fieldFeeds) foldColumnFlow(fieldFeeds, { ...edge, ...flow })
    for (const flow of structure.influences) foldColumnFlow(influences, { ...edge, ...flow })
    for (const flow of structure.mixedFeeds) foldColumnFlow(mixedFeeds, { ...edge, ...flow })
  }
  return {
    reads: sorted(reads).map(toJobRow),
    writes: sorted(writes).map(toJobRow),
    feeds: sorted(feeds).map((edge) => ({
      ...toFlowRow(edge),
      derivation: edge.derivation,
      from: fromEntityKey(edge.from),
      to: fromEntityKey(edge.to),
    })),
    fieldFeeds: sorted(fieldFeeds).map((edge) => ({
      ...toColumnRow(edge),
      to: { ...fromEntityKey(edge.to), field: edge.toField },
    })),
    influences: sorted(influences).map((edge) => ({ ...toColumnRow(edge), to: fromEntityKey(edge.to) })),
    mixedFeeds: sorted(mixedFeeds).map((edge) => ({
      ...toMannerRow(edge),
      from: toEnd(edge.from),
      to: toEnd(edge.to),
    })),
  }
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

function foldColumnFlow<T extends Edge & FlowManner>(into: Map<string, T>, edge: T): void {
  const present = into.get(edge.key)
  if (present === undefined) {
    into.set(edge.key, edge)
    return
  }
  const masking = present.masking || edge.masking
  const description = present.description > edge.description ? present.description : edge.description
  const derivation = strongerDerivation(present.derivation, edge.derivation)
  into.set(edge.key, { ...edge, ...joinSpans(present, edge), derivation, masking, description })
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

function toJobRow({ job, dataset, ...edge }: Edge & { dataset: EntityKey }): Record<string, unknown> {
  return { job: toJob(job), dataset: fromEntityKey(dataset), ...toTimes(edge) }
}

function toFlowRow({ key, job, first, last, isCurrent }: Edge & { key: string }): Record<string, unknown> {
  return { key, job: toJob(job), ...toTimes({ first, last, isCurrent }) }
}

function toColumnRow(edge: Edge & Influence): Record<string, unknown> {
  return { ...toMannerRow(edge), from: { ...fromEntityKey(edge.from), field: edge.fromField } }
}

function toMannerRow(edge: Edge & FlowManner): Record<string, unknown> {
  return {
    ...toFlowRow(edge),
    derivation: edge.derivation,
    type: edge.type === '' ? null : edge.type,
    subtype: edge.subtype === '' ? null : edge.subtype,
    masking: edge.masking,
    description: edge.description === '' ? null : edge.description,
  }
}

function toJob(job: EntityKey | undefined) {
  return job === undefined ? null : fromEntityKey(job)
}

function toEnd({ kind, entity, field }: FlowEnd) {
  return { kind: field === undefined ? kind : 'FIELD', ...fromEntityKey(entity), field: field ?? null }
}

function toTimes({
  first,
  last,
  isCurrent,
}: Pick<Edge, 'first' | 'last' | 'isCurrent'>): Record<string, unknown> {
  return { first: toDateTime(first), last: toDateTime(last), isCurrent }
}
