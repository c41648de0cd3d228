import type { EntityKey } from '../openlineage/keys.ts'
import { toHour, type Instant } from '../openlineage/time.ts'
import { clockTime } from '../project/clock.ts'
import { joinDeclarations, type DatasetDeclaration, type DatasetFact, type Facts } from '../project/facts.ts'
import { DROP } from '../project/lifecycle.ts'
import { toLinkStatements, type LinkStatement } from '../project/identity-links.ts'
import { toFacetChanges, type FacetChanges } from './facet-changes.ts'
import { toInterpretedProperties } from './interpreted-properties.ts'
import { groupBy } from '../project/group-by.ts'
import type { StoredDataset } from './lock-nodes.ts'
import { toChangedProperties, toStoredProperties, type Properties } from './properties.ts'
import type { NewestVersion, VersionChange } from './write-dataset-versions.ts'

/** What a batch makes of one dataset. */
export interface DatasetNodeChange {
  dataset: EntityKey
  isNew: boolean
  properties: Properties
  facets: FacetChanges | undefined
  /** Key of the SchemaVersion that is current, before and after: from completed writes and DatasetEvents (rule 6). */
  schemaBefore: string | undefined
  schemaAfter: string | undefined
  /** The lineage that its DatasetEvents declare, before and after. */
  lineageBefore: DeclaredLineage | undefined
  lineageAfter: DeclaredLineage | undefined
  /** What its changed facets say of its identity. */
  links: LinkStatement[]
}

export interface DeclaredLineage {
  key: string
  at: Instant
}

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

/** The newest version of a dataset, and the newest that has a schema. */
type Newest = Pick<StoredDataset, 'writtenClock' | 'writtenChange' | 'writtenSchemaClock' | 'writtenSchema'>

function toLookedUp(newest: NewestVersion | undefined, withSchema: NewestVersion | undefined): Newest {
  return {
    writtenClock: newest?.clock,
    writtenChange: newest?.change,
    writtenSchemaClock: withSchema?.clock,
    writtenSchema: withSchema?.schema,
  }
}

function toAdvanced(present: StoredDataset, versions: readonly VersionChange[]): Newest {
  const newest = toNewest(present)
  for (const { after } of versions) {
    if (after === undefined) continue
    if (newest.writtenClock === undefined || after.clock > newest.writtenClock) {
      newest.writtenClock = after.clock
      newest.writtenChange = after.change
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
  const before = { written: toNewest(present), declared: present.declared }
  const after = {
    written: newest,
    declared: fact === undefined ? present.declared : joinDeclarations(present.declared, fact.declared),
  }
  const facets = fact === undefined ? undefined : toFacetChanges(present, fact.facets)
  const span = fact === undefined ? {} : toSpan(present, fact)
  return {
    dataset,
    isNew: present.firstSeenAt === undefined,
    properties: {
      ...toStoredProperties({
        ...span,
        ...toChangedProperties({ droppedAt: toDroppedAt(before) }, { droppedAt: toDroppedAt(after) }),
      }),
      ...toChangedProperties(toPointers(before), toPointers(after)),
      ...facets?.properties,
      ...(facets === undefined ? {} : toInterpretedProperties('dataset', facets.changed)),
    },
    facets,
    schemaBefore: toCurrentSchema(before),
    schemaAfter: toCurrentSchema(after),
    lineageBefore: toDeclaredLineage(present.declared),
    lineageAfter: toDeclaredLineage(after.declared),
    links: facets === undefined ? [] : toLinkStatements(dataset, facets.changed),
  }
}

interface Standing {
  written: Newest
  declared: DatasetDeclaration
}

/** A dataset is dropped where the newest of its completed writes and declared changes is a DROP. */
function toDroppedAt({ written, declared }: Standing): Instant | undefined {
  const writtenAt = written.writtenClock === undefined ? undefined : clockTime(written.writtenClock)
  const declaredAt = declared.change === undefined ? undefined : clockTime(declared.change.clock)
  const isDeclared = declaredAt !== undefined && (writtenAt === undefined || declaredAt > writtenAt)
  const change = isDeclared ? declared.change?.value : written.writtenChange
  return change === DROP ? (isDeclared ? declaredAt : writtenAt) : undefined
}

/** Of the schema last written and the one last declared, the newer. */
function toCurrentSchema({ written, declared: { schema } }: Standing): string | undefined {
  const declared = schema?.value ?? undefined
  if (written.writtenSchemaClock === undefined || schema === undefined)
    return written.writtenSchema ?? declared
  return clockTime(schema.clock) > clockTime(written.writtenSchemaClock) ? declared : written.writtenSchema
}

/** What flows into it by its own DatasetEvents: the explicit lineage that they state, else the column lineage. */
function toDeclaredLineage({ lineage, columnLineage }: DatasetDeclaration): DeclaredLineage | undefined {
  const stated = [lineage, columnLineage].find((register) => typeof register?.value === 'string')
  return typeof stated?.value === 'string' ? { key: stated.value, at: clockTime(stated.clock) } : undefined
}

function toPointers({ written, declared }: Standing): Properties {
  return {
    writtenClock: written.writtenClock,
    writtenChange: written.writtenChange,
    writtenSchemaClock: written.writtenSchemaClock,
    writtenSchema: written.writtenSchema,
    declaredSchema: declared.schema?.value ?? undefined,
    declaredSchemaClock: declared.schema?.clock,
    declaredLineage: declared.lineage?.value ?? undefined,
    declaredLineageClock: declared.lineage?.clock,
    declaredColumnLineage: declared.columnLineage?.value ?? undefined,
    declaredColumnLineageClock: declared.columnLineage?.clock,
    declaredChange: declared.change?.value ?? undefined,
    declaredChangeClock: declared.change?.clock,
  }
}

function toNewest({ writtenClock, writtenChange, writtenSchemaClock, writtenSchema }: StoredDataset): Newest {
  return { writtenClock, writtenChange, writtenSchemaClock, writtenSchema }
}

function toSpan(present: StoredDataset, { first, last }: DatasetFact): Properties {
  const lastHour = toHour(last)
  return {
    ...(present.firstSeenAt === undefined || first < present.firstSeenAt ? { firstSeenAt: first } : {}),
    ...(present.lastSeenAt === undefined || lastHour > present.lastSeenAt ? { lastSeenAt: lastHour } : {}),
  }
}
