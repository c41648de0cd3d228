import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import { toContentKey, type EntityKey } from '../openlineage/keys.ts'
import type { ExplicitLineage, ExplicitSource, LineageEntity } from './explicit-lineage.ts'
import { isIndexablePath } from './schema-version.ts'
import {
  emptyStructure,
  toColumnFlowKey,
  toDatasetFlowKey,
  type FlowEnd,
  type Structure,
} from './structure.ts'

interface Owner {
  /** Who states the flows: part of their keys. */
  owner: string
  /** The job that states them, if one does: its own reading and writing shows without a flow. */
  ownJob: EntityKey | undefined
}

interface StatedFlow {
  source: ExplicitSource
  target: LineageEntity
  /** The field of the target; undefined for the whole. */
  toField: string | undefined
}

/** Adds the flows of explicit lineage: what several entries say of one target is united. */
export function addExplicitLineages(
  structure: Structure,
  { explicit, ...owner }: Owner & { explicit: readonly ExplicitLineage[] },
): void {
  const flows = explicit.flatMap(({ target, sources, fields }): StatedFlow[] => [
    ...sources.map((source) => ({ source, target, toField: undefined })),
    ...Object.entries(fields).flatMap(([toField, ofField]) =>
      ofField.map((source) => ({ source, target, toField })),
    ),
  ])
  const found = emptyStructure()
  for (const flow of flows.filter(isIndexable)) addFlow(found, flow, owner)
  structure.feeds.push(...uniqueByKey(found.feeds))
  structure.fieldFeeds.push(...uniqueByKey(found.fieldFeeds))
  structure.influences.push(...uniqueByKey(found.influences))
  structure.mixedFeeds.push(...uniqueByKey(found.mixedFeeds))
}

function isIndexable({ source, toField }: StatedFlow): boolean {
  return [source.field, toField].every((field) => field === undefined || isIndexablePath(field))
}

function addFlow(structure: Structure, flow: StatedFlow, owner: Owner): void {
  const { source, target, toField } = flow
  addBetweenWholes(structure, flow, owner)
  if (source.field === undefined && toField === undefined) return
  if (source.field === undefined || target.kind === 'JOB')
    addMixed(structure, { from: toEnd(source, source.field), to: toEnd(target, toField), source }, owner)
  else addColumn(structure, { ...flow, fromField: source.field }, owner)
}

/** A field feeds a field, or concerns the dataset as a whole: the same edges as those of column lineage. */
function addColumn(
  structure: Structure,
  { source, fromField, target, toField }: StatedFlow & { fromField: string },
  { owner }: Owner,
): void {
  const ends = { from: source.entity, fromField, to: target.entity }
  const keyOf = (to: string) =>
    toColumnFlowKey(owner, { ...source, dataset: source.entity, field: fromField, target: to })
  if (toField === undefined)
    structure.influences.push({ key: keyOf(target.entity), ...ends, ...toManner(source) })
  else {
    const key = keyOf(toCanonicalJson([target.entity, toField]))
    structure.fieldFeeds.push({ key, ...ends, toField, ...toManner(source) })
  }
}

/** What holds for a part holds for the whole: walks over datasets and jobs see every stated flow. */
function addBetweenWholes(structure: Structure, { source, target, toField }: StatedFlow, owner: Owner): void {
  if (source.entity === target.entity && source.kind === target.kind) return
  if (source.kind === 'DATASET' && target.kind === 'DATASET') {
    const ends = { from: source.entity, to: target.entity }
    structure.feeds.push({ key: toDatasetFlowKey(owner.owner, ends), ...ends, derivation: 'EXPLICIT' })
    return
  }
  const isWhole = source.field === undefined && toField === undefined
  const isOwn = [source, target].some(({ kind, entity }) => kind === 'JOB' && entity === owner.ownJob)
  // What the stating job itself reads and writes stands on READS and WRITES; only how is worth a flow.
  if (isOwn && (!isWhole || source.type === '')) return
  const stated = isWhole ? source : { ...source, type: '', subtype: '', masking: false, description: '' }
  addMixed(structure, { from: toEnd(source), to: toEnd(target), source: stated }, owner)
}

function addMixed(
  structure: Structure,
  { from, to, source }: { from: FlowEnd; to: FlowEnd; source: ExplicitSource },
  { owner }: Owner,
): void {
  const key = toContentKey(toCanonicalJson([owner, from, to, source.type, source.subtype]))
  structure.mixedFeeds.push({ key, from, to, ...toManner(source) })
}

function toEnd({ kind, entity }: LineageEntity, field?: string): FlowEnd {
  return field === undefined ? { kind, entity } : { kind, entity, field }
}

function toManner({ type, subtype, masking, description }: ExplicitSource) {
  return { derivation: 'EXPLICIT' as const, type, subtype, masking, description }
}

/** One edge may be stated several times: masked where one says so, with the greatest description. */
function uniqueByKey<T extends { key: string; masking?: boolean; description?: string }>(edges: T[]): T[] {
  const unique = new Map<string, T>()
  for (const edge of edges) {
    const present = unique.get(edge.key)
    unique.set(edge.key, present === undefined ? edge : unite(present, edge))
  }
  return [...unique.values()]
}

function unite<T extends { masking?: boolean; description?: string }>(a: T, b: T): T {
  const stronger = (b.description ?? '') > (a.description ?? '') ? b : a
  return a.masking === true || b.masking === true ? { ...stronger, masking: true } : stronger
}
