import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import { toContentKey, type EntityKey } from '../openlineage/keys.ts'
import type { ColumnLineage } from './column-lineage.ts'
import type { ExplicitLineage, LineageEntity } from './explicit-lineage.ts'

/** The edges that a content of a job implies, or that a dataset's own events declare. */
export interface Structure {
  reads: EntityKey[]
  writes: EntityKey[]
  feeds: DatasetFlow[]
  fieldFeeds: FieldFlow[]
  influences: Influence[]
  /** Flows with a job at an end, or with a field at one end and the whole at the other. */
  mixedFeeds: MixedFlow[]
}

/** How a flow is known, the weakest first. */
export const derivations = ['IO', 'COLUMN', 'EXPLICIT'] as const
export type Derivation = (typeof derivations)[number]

export interface DatasetFlow {
  key: string
  from: EntityKey
  to: EntityKey
  derivation: Derivation
}

/** How data goes from one end to the other. */
export interface FlowManner {
  key: string
  derivation: Derivation
  /** `''` where it is not known. */
  type: string
  subtype: string
  masking: boolean
  description: string
}

export interface Influence extends FlowManner {
  from: EntityKey
  fromField: string
  to: EntityKey
}

export interface FieldFlow extends Influence {
  toField: string
}

export interface FlowEnd extends LineageEntity {
  field?: string | undefined
}

export interface MixedFlow extends FlowManner {
  from: FlowEnd
  to: FlowEnd
}

/** What contents refer to by key: column lineages, and entries of explicit lineage. */
export type LineageContent = ColumnLineage | ExplicitLineage
export type LineageContents = ReadonlyMap<string, LineageContent>

export function decodeLineage(text: string): LineageContent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written from a LineageContent
  return JSON.parse(text) as LineageContent
}

export function emptyStructure(): Structure {
  return { reads: [], writes: [], feeds: [], fieldFeeds: [], influences: [], mixedFeeds: [] }
}

export function isExplicit(content: LineageContent): content is ExplicitLineage {
  return 'target' in content
}

/** Whether going from one structure to the other takes nothing back: every edge stays, as strong as it was. */
export function isWithin(part: Structure, whole: Structure): boolean {
  const strengths = new Map(whole.feeds.map(({ key, derivation }) => [key, derivations.indexOf(derivation)]))
  return (
    isSubset(part.reads, whole.reads) &&
    isSubset(part.writes, whole.writes) &&
    part.feeds.every(
      ({ key, derivation }) => derivations.indexOf(derivation) <= (strengths.get(key) ?? -1),
    ) &&
    isSubset(part.fieldFeeds.map(toStated), whole.fieldFeeds.map(toStated)) &&
    isSubset(part.influences.map(toStated), whole.influences.map(toStated)) &&
    isSubset(part.mixedFeeds.map(toStated), whole.mixedFeeds.map(toStated))
  )
}

function isSubset(part: string[], whole: string[]): boolean {
  const all = new Set(whole)
  return part.every((item) => all.has(item))
}

function toStated({ key, derivation, masking, description }: FlowManner): string {
  return `${key} ${derivation} ${masking} ${description}`
}

/** One flow between two datasets for each owner: the job, or what else states it. */
export function toDatasetFlowKey(owner: string, { from, to }: { from: EntityKey; to: EntityKey }): string {
  return toContentKey(`${owner} ${from} ${to}`)
}

/** One flow out of a field for each owner, target and kind of use. */
export function toColumnFlowKey(
  owner: string,
  {
    dataset,
    field,
    type,
    subtype,
    target,
  }: { dataset: EntityKey; field: string; type: string; subtype: string; target: EntityKey },
): string {
  return toContentKey(toCanonicalJson([owner, dataset, field, target, type, subtype]))
}
