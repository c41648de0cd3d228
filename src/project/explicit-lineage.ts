import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { LineageFacet, LineageInput } from '../openlineage/facet-types.ts'
import {
  isNodeName,
  isUnknownJob,
  toContentKey,
  toEntityKey,
  type EntityKey,
  type EntityName,
} from '../openlineage/keys.ts'

/** A job, or a dataset, at one end of a flow. */
export interface LineageEntity {
  kind: 'JOB' | 'DATASET'
  entity: EntityKey
}

/** Where data comes from, as a `lineage` facet states it, and how it goes in. */
export interface ExplicitSource extends LineageEntity {
  /** The field of a dataset; absent for a whole one, and for a job. */
  field?: string | undefined
  /** `''` where the producer states none. */
  type: string
  subtype: string
  masking: boolean
  description: string
}

/** What a `lineage` facet says of one target, without who said it, in one order. An entry without sources says that there are none. */
export interface ExplicitLineage {
  target: LineageEntity
  /** Sources of the target as a whole. */
  sources: ExplicitSource[]
  /** Sources of its fields. */
  fields: Record<string, ExplicitSource[]>
}

/** The lineage of one target with its key: equal lineages have equal keys. */
export interface ExplicitLineageVersion {
  key: string
  content: ExplicitLineage
}

/** A field that is stated to concern the whole target does so indirectly, unless the producer says otherwise. */
const defaultTypes = { whole: '', fieldOfWhole: 'INDIRECT', field: 'DIRECT' }

/**
 * The entries of a job's `lineage` facet, one for each target that can have a node.
 * @param ownJob what an entry or source of type JOB without a name means; undefined where the event's job is not known
 */
export function toExplicitLineages(
  { entries = [] }: LineageFacet,
  ownJob: EntityName | undefined,
): ExplicitLineageVersion[] {
  return entries.flatMap(({ type, namespace, name, ...stated }) => {
    const target = toEntity({ type, namespace, name }, ownJob)
    return target === undefined ? [] : [toVersion(target, stated, ownJob)]
  })
}

/**
 * What a dataset's own `lineage` facet says of it.
 * @returns undefined where it states neither inputs nor fields
 */
export function toDatasetLineage(
  dataset: EntityKey,
  { inputs, fields }: LineageFacet,
): ExplicitLineageVersion | undefined {
  if (inputs === undefined && fields === undefined) return undefined
  return toVersion({ kind: 'DATASET', entity: dataset }, { inputs, fields }, undefined)
}

/** The datasets and jobs that a lineage names, its target among them. */
export function entitiesOf({ target, sources, fields }: ExplicitLineage): LineageEntity[] {
  return [target, ...sources, ...Object.values(fields).flat()]
}

/** Each dataset with the fields that the lineage names in it. */
export function fieldsNamedIn({ target, sources, fields }: ExplicitLineage): Map<EntityKey, Set<string>> {
  const named = new Map<EntityKey, Set<string>>()
  const add = (dataset: EntityKey, field: string) =>
    named.set(dataset, (named.get(dataset) ?? new Set<string>()).add(field))
  if (target.kind === 'DATASET') for (const field of Object.keys(fields)) add(target.entity, field)
  for (const { entity, field } of [...sources, ...Object.values(fields).flat()]) {
    if (field !== undefined) add(entity, field)
  }
  return named
}

function toVersion(
  target: LineageEntity,
  {
    inputs = [],
    fields = {},
  }: { inputs?: LineageInput[] | undefined; fields?: LineageFacet['fields'] | undefined },
  ownJob: EntityName | undefined,
): ExplicitLineageVersion {
  const ofFields = Object.entries(fields)
    .filter(([field]) => target.kind === 'DATASET' && field !== '')
    .map(([field, stated]) => [field, toSources(stated.inputs, { ownJob, isOfField: true })] as const)
  const content = {
    target,
    sources: toSources(inputs, { ownJob, isOfField: false }),
    fields: Object.fromEntries(ofFields),
  }
  return { key: toContentKey(toCanonicalJson(content)), content }
}

/** Each source once for each kind of transformation, in one order. */
function toSources(
  inputs: LineageInput[],
  { ownJob, isOfField }: { ownJob: EntityName | undefined; isOfField: boolean },
): ExplicitSource[] {
  const sources = new Map<string, ExplicitSource>()
  for (const input of inputs) {
    const from = toEntity(input, ownJob)
    if (from === undefined) continue
    const end = from.kind === 'DATASET' && hasField(input) ? { ...from, field: input.field } : from
    const type =
      'field' in end ? (isOfField ? defaultTypes.field : defaultTypes.fieldOfWhole) : defaultTypes.whole
    const transformations = input.transformations?.length ? input.transformations : [{ type }]
    for (const { type: stated, subtype = '', masking = false, description = '' } of transformations) {
      const source = { ...end, type: stated, subtype, masking, description }
      sources.set(toCanonicalJson(source), source)
    }
  }
  return [...sources.keys()].toSorted().flatMap((key) => sources.get(key) ?? [])
}

function hasField({ field }: LineageInput): boolean {
  return field !== undefined && field !== ''
}

function toEntity(
  { type, namespace, name }: { type: string; namespace?: string | undefined; name?: string | undefined },
  ownJob: EntityName | undefined,
): LineageEntity | undefined {
  const kind = type === 'JOB' ? 'JOB' : 'DATASET'
  const isNamed = namespace !== undefined && name !== undefined
  const entity = isNamed ? { namespace, name } : kind === 'JOB' ? ownJob : undefined
  if (entity === undefined || !isNodeName(entity) || (kind === 'JOB' && isUnknownJob(entity)))
    return undefined
  return { kind, entity: toEntityKey(entity) }
}
