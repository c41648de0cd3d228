import type { QueryPlan } from '../../graph/read-foreign.ts'
import { Problem } from '../../http/problem.ts'
import { findEndless } from './find-endless.ts'
import { findGrowth } from './find-growth.ts'

/**
 * Refuses a query whose plan does anything but read the graph. Everything here is a list of what may be: an operator or procedure that
 * nobody knows is refused.
 * @throws {Problem} `cypher-forbidden`, `cypher-too-costly`
 */
export function checkPlan({ queryType, operators }: QueryPlan): void {
  // First the operators: they tell what it is that may not be.
  const strange = operators.find(({ name }) => !mayRun(toBareName(name)))
  if (strange !== undefined) throw toForbidden(sentenceOf(toBareName(strange.name)))
  for (const { name, details } of operators) {
    if (toBareName(name) === 'ProcedureCall') checkProcedure(details)
    if (hiddenPlan.test(details)) throw new Problem('cypher-forbidden', { detail: hiddenPlanDetail })
  }
  if (queryType !== 'r') throw toForbidden('it does not read alone')
  const endless = findEndless(operators) ?? findGrowth(operators)
  if (endless !== undefined) throw new Problem('cypher-too-costly', { detail: endless })
}

/** Procedures that read the graph, its indexes and its schema, and nothing else. */
const procedures = new Set([
  'db.labels',
  'db.relationshipTypes',
  'db.propertyKeys',
  'db.schema.visualization',
  'db.schema.nodeTypeProperties',
  'db.schema.relTypeProperties',
  'db.index.fulltext.queryNodes',
  'db.index.fulltext.queryRelationships',
])

/** Operators by their names in Neo4j's manual; scans and seeks are families, since each release adds some. */
const operatorNames = new Set(
  `Anti AntiConditionalApply AntiSemiApply Apply Argument ArgumentTracker AssertSameNode AssertSameRelationship CacheProperties
  CartesianProduct ConditionalApply Distinct Eager EagerAggregation EmptyResult EmptyRow ExhaustiveLimit Expand Filter Input
  IntersectionNodeByLabelsScan LeftOuterHashJoin LetAntiSemiApply LetSelectOrAntiSemiApply LetSelectOrSemiApply LetSemiApply Limit
  MultiNodeIndexSeek MultiRelationshipIndexSeek NodeCountFromCountStore NodeHashJoin NodeLeftOuterHashJoin NodeRightOuterHashJoin
  NonFuseable Optional OptionalExpand OrderedAggregation OrderedDistinct OrderedUnion PartialSort PartialTop PartitionedUnwind
  PathPropagatingBFS PreserveOrder ProcedureCall ProduceResults ProjectEndpoints Projection RelationshipCountFromCountStore
  RemoteBatchProperties RemoteBatchPropertiesWithFilter Repeat RightOuterHashJoin RollUpApply SelectOrAntiSemiApply SelectOrSemiApply
  SemiApply ShortestPath ShowConstraints ShowFunctions ShowIndexes ShowProcedures Skip Sort StatefulShortestPath
  SubtractionNodeByLabelsScan Top TriadicBuild TriadicFilter TriadicSelection Union UnionNodeByLabelsScan Unwind ValueHashJoin
  VarLengthExpand`.split(/\s+/),
)
const families =
  /^(?:Partitioned)?(?:AllNodes|Node|Directed|Undirected|Union|Intersection|Subtraction)\w*(?:Scan|Seek|SeekByRange)$/

function mayRun(name: string): boolean {
  return operatorNames.has(name) || families.test(name)
}

/** `VarLengthExpand(Pruning,BFS)` is a VarLengthExpand. */
function toBareName(name: string): string {
  return name.replace(/\(.*$/, '')
}

/** A subquery within an expression has no operators of its own in the plan: what it does cannot be seen. */
const hiddenPlan = /\b(?:EXISTS|COLLECT|COUNT)\s*\{|ResolvedCall\(|LOAD\s+CSV/i
const hiddenPlanDetail =
  'A subquery stands within another expression (CASE, a list comprehension, a function), where Neo4j does not show its plan. ' +
  'Write it as CALL { … }, or alone in WITH or RETURN, and use its result.'

function checkProcedure(details: string): void {
  const name = /^[\w.]+(?=\()/.exec(details)?.[0] ?? ''
  if (procedures.has(name)) return
  throw toForbidden(`it calls the procedure ${name}. Allowed are ${[...procedures].join(', ')}`)
}

function sentenceOf(name: string): string {
  if (name === 'LoadCSV') return 'LOAD CSV reads files and URLs'
  if (name.startsWith('Transaction')) return 'it has transactions of its own'
  return `its plan has the operator ${name}`
}

function toForbidden(reason: string): Problem {
  return new Problem('cypher-forbidden', { detail: `Only what reads the graph may run here: ${reason}.` })
}
