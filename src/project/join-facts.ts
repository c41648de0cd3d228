import { addRename, addRun, joinDeclarations, type Facts } from './facts.ts'
import { newerOf } from './clock.ts'
import { joinFacetRegisters, type FacetRegisters } from './facet-registers.ts'
import { addControlFlow, addPrecedence } from './precedence.ts'

/**
 * Joins what some events have said with what others have, as if all had been added to one: facts of the same things become one. Events
 * themselves are left out. `into` is changed, and may take over parts of `from`.
 */
export function joinFacts(into: Facts, from: Facts): void {
  for (const [runId, { said, facets, inputFacets, outputFacets }] of from.runs) {
    const fact = addRun(into, runId, said)
    joinFacetRegisters(fact.facets, facets)
    joinSides(fact.inputFacets, inputFacets)
    joinSides(fact.outputFacets, outputFacets)
  }
  joinJobs(into, from)
  joinDatasets(into, from)
  joinContents(into, from)
  for (const rename of from.renames.values()) addRename(into, rename)
  for (const [key, pair] of from.hierarchy) into.hierarchy.set(key, pair)
  for (const [key, precedence] of from.precedences) addPrecedence(into, key, precedence)
  for (const [dag, flow] of from.controlFlows) addControlFlow(into, dag, flow)
  for (const owner of from.named.owners) into.named.owners.add(owner)
  for (const [key, tag] of from.named.tags) into.named.tags.set(key, tag)
  for (const [key, fields] of from.named.fields) {
    const present = into.named.fields.get(key)
    if (present === undefined) into.named.fields.set(key, fields)
    else widen(present, fields)
  }
}

function joinSides(into: Map<string, FacetRegisters>, from: ReadonlyMap<string, FacetRegisters>): void {
  for (const [dataset, facets] of from) {
    const present = into.get(dataset)
    if (present === undefined) into.set(dataset, facets)
    else joinFacetRegisters(present, facets)
  }
}

function joinJobs(into: Facts, from: Facts): void {
  for (const [key, job] of from.jobs) {
    const present = into.jobs.get(key)
    if (present === undefined) {
      into.jobs.set(key, job)
      continue
    }
    if (job.first < present.first) present.first = job.first
    if (job.last !== undefined && (present.last === undefined || job.last > present.last))
      present.last = job.last
    joinFacetRegisters(present.facets, job.facets)
    present.declared = newerOf(present.declared, job.declared)
  }
}

function joinDatasets(into: Facts, from: Facts): void {
  for (const [key, dataset] of from.datasets) {
    const present = into.datasets.get(key)
    if (present === undefined) {
      into.datasets.set(key, dataset)
      continue
    }
    widen(present, dataset)
    joinFacetRegisters(present.facets, dataset.facets)
    present.declared = joinDeclarations(present.declared, dataset.declared)
  }
}

function joinContents(into: Facts, from: Facts): void {
  for (const [key, schema] of from.schemas) {
    const present = into.schemas.get(key)
    if (present === undefined) {
      into.schemas.set(key, schema)
      continue
    }
    const isEarlier =
      schema.first < present.first || (schema.first === present.first && schema.fields < present.fields)
    if (isEarlier) present.fields = schema.fields
    widen(present, schema)
  }
  for (const [key, lineage] of from.lineages) {
    const present = into.lineages.get(key)
    if (present === undefined) into.lineages.set(key, lineage)
    else widen(present, lineage)
  }
}

interface Span {
  first: string
  last: string
}

function widen(present: Span, { first, last }: Span): void {
  if (first < present.first) present.first = first
  if (last > present.last) present.last = last
}
