import type { EntityKey } from '../openlineage/keys.ts'
import { toHour } from '../openlineage/time.ts'
import { clockTime } from '../project/clock.ts'
import { DROP } from '../project/derive-run.ts'
import type { DatasetFact, Facts } from '../project/facts.ts'
import { toLinkStatements, type LinkStatement } from '../project/identity-links.ts'
import { toFacetChanges } from './facet-changes.ts'
import { toInterpretedProperties } from './interpreted-properties.ts'
import { groupBy } from './group-by.ts'
import type { StoredDataset } from './lock-nodes.ts'
import { toChangedProperties, toStoredProperties, type Properties } from './properties.ts'
import type { NewestVersion, VersionChange } from './write-dataset-versions.ts'

/** What a batch makes of one dataset. */
export interface DatasetNodeChange {
  dataset: EntityKey
  isNew: boolean
  properties: Properties
  /** Key of the SchemaVersion that is current, before and after: from completed writes and DatasetEvents (rule 6). */
  schemaBefore: string | undefined
  schemaAfter: string | undefined
  /** What its changed facets say of its identity. */
  links: LinkStatement[]
}

type SchemaPointers = Pick<
  StoredDataset,
  'writtenClock' | 'writtenSchemaClock' | 'writtenSchema' | 'declaredSchemaClock' | 'declaredSchema'
>

/** Which datasets lost the version that they count as their newest, or as the newest with a schema: their next has to be looked up. */
export function datasetsToLookUp(
  versions: readonly VersionChange[],
  stored: ReadonlyMap<EntityKey, StoredDataset>,
): EntityKey[] {
  const affected = versions.filter(({ dataset, before, after }) => {
    if (before === undefined) return false
    const present = stored.get(dataset)
    const isPointedAt = before.clock === present?.writtenClock || before.clock === present?.writtenSchemaClock
    const staysNewest = after !== undefined && after.clock >= before.clock && after.schema === before.schema
    return isPointedAt && !(staysNewest && after.change === before.change)
  })
  return [...new Set(affected.map(({ dataset }) => dataset))]
}

export function toDatasetChanges(
  facts: Facts,
  {
    stored,
    versions,
    lookedUp,
  }: {
    stored: ReadonlyMap<EntityKey, StoredDataset>
    versions: readonly VersionChange[]
    lookedUp: {
      datasets: EntityKey[]
      newest: Map<EntityKey, NewestVersion>
      withSchema: Map<EntityKey, NewestVersion>
    }
  },
): DatasetNodeChange[] {
  const byDataset = groupBy(versions, ({ dataset }) => dataset)
  const lost = new Set(lookedUp.datasets)
  return [...stored].map(([dataset, present]) => {
    const newest = lost.has(dataset)
      ? toLookedUp(lookedUp.newest.get(dataset), lookedUp.withSchema.get(dataset))
      : toAdvanced(present, byDataset.get(dataset) ?? [])
    return toDatasetChange(dataset, { present, fact: facts.datasets.get(dataset), newest })
  })
}

interface Newest {
  writtenClock: string | undefined
  /** Undefined where it did not change. */
  change: string | undefined
  writtenSchemaClock: string | undefined
  writtenSchema: string | undefined
}

function toLookedUp(newest: NewestVersion | undefined, withSchema: NewestVersion | undefined): Newest {
  return {
    writtenClock: newest?.clock,
    change: newest?.change,
    writtenSchemaClock: withSchema?.clock,
    writtenSchema: withSchema?.schema,
  }
}

function toAdvanced(present: SchemaPointers, versions: readonly VersionChange[]): Newest {
  const newest: Newest = {
    writtenClock: present.writtenClock,
    change: undefined,
    writtenSchemaClock: present.writtenSchemaClock,
    writtenSchema: present.writtenSchema,
  }
  for (const { after } of versions) {
    if (after === undefined) continue
    if (newest.writtenClock === undefined || after.clock > newest.writtenClock) {
      newest.writtenClock = after.clock
      newest.change = after.change
    }
    if (
      after.schema !== undefined &&
      (newest.writtenSchemaClock === undefined || after.clock > newest.writtenSchemaClock)
    ) {
      newest.writtenSchemaClock = after.clock
      newest.writtenSchema = after.schema
    }
  }
  return newest
}

function toDatasetChange(
  dataset: EntityKey,
  { present, fact, newest }: { present: StoredDataset; fact: DatasetFact | undefined; newest: Newest },
): DatasetNodeChange {
  const declared = toDeclared(present, fact)
  const pointersBefore = toPointers(present)
  const pointers = {
    writtenClock: newest.writtenClock,
    writtenSchemaClock: newest.writtenSchemaClock,
    writtenSchema: newest.writtenSchema,
    ...declared,
  }
  const facets = fact === undefined ? undefined : toFacetChanges(present, fact.facets)
  const span = fact === undefined ? {} : toSpan(present, fact)
  return {
    dataset,
    isNew: present.firstSeenAt === undefined,
    properties: {
      ...toStoredProperties({ ...span, ...toDropped(present, newest) }),
      ...toChangedProperties(pointersBefore, pointers),
      ...facets?.properties,
      ...(facets === undefined ? {} : toInterpretedProperties('dataset', facets.changed)),
    },
    schemaBefore: toCurrentSchema(pointersBefore),
    schemaAfter: toCurrentSchema(pointers),
    links: facets === undefined ? [] : toLinkStatements(dataset, facets.changed),
  }
}

/** `droppedAt` is the end of the newest completed write where that was a DROP. */
function toDropped(present: StoredDataset, { writtenClock, change }: Newest): Properties {
  if (writtenClock === present.writtenClock && change === undefined) return {}
  return { droppedAt: change === DROP && writtenClock !== undefined ? clockTime(writtenClock) : null }
}

function toDeclared(present: SchemaPointers, fact: DatasetFact | undefined) {
  const said = fact?.declaredSchema
  const isNewer =
    said !== undefined &&
    (present.declaredSchemaClock === undefined || said.clock > present.declaredSchemaClock)
  if (!isNewer)
    return { declaredSchemaClock: present.declaredSchemaClock, declaredSchema: present.declaredSchema }
  return { declaredSchemaClock: said.clock, declaredSchema: said.value }
}

function toPointers({
  writtenClock,
  writtenSchemaClock,
  writtenSchema,
  declaredSchemaClock,
  declaredSchema,
}: SchemaPointers): SchemaPointers {
  return { writtenClock, writtenSchemaClock, writtenSchema, declaredSchemaClock, declaredSchema }
}

/** Of the schema last written and the one last declared, the newer. */
function toCurrentSchema({
  writtenSchemaClock,
  writtenSchema,
  declaredSchemaClock,
  declaredSchema,
}: SchemaPointers) {
  if (writtenSchemaClock === undefined || declaredSchemaClock === undefined)
    return writtenSchema ?? declaredSchema
  return clockTime(declaredSchemaClock) > clockTime(writtenSchemaClock) ? declaredSchema : writtenSchema
}

function toSpan(present: StoredDataset, { first, last }: DatasetFact): Properties {
  const lastHour = toHour(last)
  return {
    ...(present.firstSeenAt === undefined || first < present.firstSeenAt ? { firstSeenAt: first } : {}),
    ...(present.lastSeenAt === undefined || lastHour > present.lastSeenAt ? { lastSeenAt: lastHour } : {}),
  }
}
