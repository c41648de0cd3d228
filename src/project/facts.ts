import type { EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { joinRuns, type AccumulatedRun } from './accumulated-run.ts'
import { earliestOf, newerOf, type Register } from './clock.ts'
import { joinFacetRegisters, type FacetRegisters } from './facet-registers.ts'
import { toLinkStatements } from './identity-links.ts'
import type { JobContent } from './job-content.ts'
import {
  emptyNamedInFacets,
  nameInDatasetFacets,
  nameInJobFacets,
  nameInRunFacets,
  type NamedInFacets,
} from './named-in-facets.ts'
import type { PrecedenceFact } from './precedence.ts'
import type { LineageContent } from './structure.ts'

/**
 * What a batch of events says, one entry for each thing it speaks of. Each `add…` joins a statement with what was said of the same
 * thing before, so the same events give the same facts in whatever order they are added, and however often.
 */
export interface Facts {
  events: Map<string, EventFact>
  runs: Map<string, RunFact>
  jobs: Map<EntityKey, JobFact>
  datasets: Map<EntityKey, DatasetFact>
  schemas: Map<string, SchemaFact>
  /** Column lineages, and entries of explicit lineage. */
  lineages: Map<string, LineageFact>
  /** Names that DatasetEvents say a dataset had before, by `from to`. */
  renames: Map<string, RenameFact>
  /** Job in job, by `child parent`. */
  hierarchy: Map<string, { child: EntityKey; parent: EntityKey }>
  precedences: Map<string, PrecedenceFact>
  /** The newest whole control flow that a DAG has stated. */
  controlFlows: Map<EntityKey, Register<string[]>>
  named: NamedInFacets
}

export interface EventFact {
  id: string
  eventType: string | undefined
  eventTime: Instant
  receivedAt: Instant
  producer: string
  /** The kinds of what the receiver warned of, sorted. */
  warnings: readonly string[]
  payload: Buffer
  about: { run: string } | { job: EntityKey } | { dataset: EntityKey }
}

export interface RunFact {
  said: AccumulatedRun
  facets: FacetRegisters
  /** Facets on the way in and out, by dataset. */
  inputFacets: Map<EntityKey, FacetRegisters>
  outputFacets: Map<EntityKey, FacetRegisters>
}

export interface JobFact {
  /** The earliest event that named it. */
  first: Instant
  /** The latest event of its own; undefined where it is only mentioned. */
  last: Instant | undefined
  facets: FacetRegisters
  /** What its newest JobEvent declares of it. */
  declared?: Register<JobContent> | undefined
}

export interface DatasetFact {
  first: Instant
  last: Instant
  facets: FacetRegisters
  declared: DatasetDeclaration
}

/** What DatasetEvents declare of a dataset, each the newest. */
export interface DatasetDeclaration {
  /** Keys of a SchemaVersion, of an explicit and of a column lineage; null where the newest word is that there is none. */
  schema?: Register<string | null> | undefined
  lineage?: Register<string | null> | undefined
  columnLineage?: Register<string | null> | undefined
  /** A lifecycle change. */
  change?: Register<string | null> | undefined
}

export interface SchemaFact {
  dataset: EntityKey
  first: Instant
  last: Instant
  /** JSON of the fields, in the order of its first statement. */
  fields: string
}

export interface LineageFact {
  /** The dataset, or job, that it explains. */
  target: EntityKey
  first: Instant
  last: Instant
  content: LineageContent
}

export interface RenameFact {
  from: EntityKey
  to: EntityKey
  /** The earliest event that says so. */
  at: Instant
}

export function emptyFacts(): Facts {
  return {
    events: new Map(),
    runs: new Map(),
    jobs: new Map(),
    datasets: new Map(),
    schemas: new Map(),
    lineages: new Map(),
    renames: new Map(),
    hierarchy: new Map(),
    precedences: new Map(),
    controlFlows: new Map(),
    named: emptyNamedInFacets(),
  }
}

export function addRun(facts: Facts, runId: string, said: AccumulatedRun): RunFact {
  const present = facts.runs.get(runId)
  if (present !== undefined) {
    present.said = joinRuns(present.said, said)
    return present
  }
  const fact = { said, facets: new Map(), inputFacets: new Map(), outputFacets: new Map() }
  facts.runs.set(runId, fact)
  return fact
}

export function addRunFacets({ named }: Facts, fact: RunFact, facets: FacetRegisters): void {
  nameInRunFacets(named, facets)
  joinFacetRegisters(fact.facets, facets)
}

export function addJob(facts: Facts, key: EntityKey, { first, last, facets, declared }: JobFact): void {
  nameInJobFacets(facts.named, facets)
  const present = facts.jobs.get(key)
  if (present === undefined) {
    facts.jobs.set(key, { first, last, facets: new Map(facets), declared })
    return
  }
  present.first = first < present.first ? first : present.first
  if (last !== undefined)
    present.last = present.last !== undefined && present.last > last ? present.last : last
  joinFacetRegisters(present.facets, facets)
  present.declared = newerOf(present.declared, declared)
}

export function addDataset(
  facts: Facts,
  key: EntityKey,
  { at, facets, declared }: { at: Instant; facets?: FacetRegisters; declared?: DatasetDeclaration },
): void {
  const present = facts.datasets.get(key) ?? { first: at, last: at, facets: new Map(), declared: {} }
  widen(present, at)
  if (facets !== undefined) {
    nameInDatasetFacets(facts.named, { dataset: key, at }, facets)
    joinFacetRegisters(present.facets, facets)
    // The names that it is linked with, as stubs: even where a newer facet says otherwise, they were named.
    for (const { to } of toLinkStatements(key, facets).flatMap(({ links }) => links))
      addDataset(facts, to, { at })
  }
  if (declared !== undefined) present.declared = joinDeclarations(present.declared, declared)
  facts.datasets.set(key, present)
}

/** What both declare, the newer of each. */
export function joinDeclarations(a: DatasetDeclaration, b: DatasetDeclaration): DatasetDeclaration {
  return {
    schema: newerOf(a.schema, b.schema),
    lineage: newerOf(a.lineage, b.lineage),
    columnLineage: newerOf(a.columnLineage, b.columnLineage),
    change: newerOf(a.change, b.change),
  }
}

export function addSchema(
  facts: Facts,
  key: string,
  said: { dataset: EntityKey; at: Instant; fields: string },
): void {
  const present = facts.schemas.get(key)
  if (present === undefined) {
    facts.schemas.set(key, { dataset: said.dataset, first: said.at, last: said.at, fields: said.fields })
    return
  }
  const isEarlier = said.at < present.first || (said.at === present.first && said.fields < present.fields)
  if (isEarlier) present.fields = said.fields
  widen(present, said.at)
}

export function addLineage(
  facts: Facts,
  key: string,
  said: { target: EntityKey; at: Instant; content: LineageContent },
): void {
  const present = facts.lineages.get(key)
  if (present === undefined) {
    const { target, at, content } = said
    facts.lineages.set(key, { target, first: at, last: at, content })
  } else widen(present, said.at)
}

export function addRename(facts: Facts, { from, to, at }: RenameFact): void {
  const key = `${from} ${to}`
  const present = facts.renames.get(key)
  facts.renames.set(key, { from, to, at: earliestOf(present?.at, at) ?? at })
}

function widen(span: { first: Instant; last: Instant }, at: Instant): void {
  if (at < span.first) span.first = at
  if (at > span.last) span.last = at
}
