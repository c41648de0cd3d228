import type { Facets, InputDataset, OutputDataset } from '../openlineage/events.ts'
import type { FacetLocation } from '../openlineage/facets.ts'
import { pointerTo } from '../openlineage/json-pointer.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import { toColumnLineageVersion } from './column-lineage.ts'
import { readFacet, toFacetRegisters, type FacetRegisters, type StatedFacets } from './facet-registers.ts'
import { addDataset, addLineage, addSchema, type Facts } from './facts.ts'
import { toSchemaVersion } from './schema-version.ts'
import type { Saying } from './saying.ts'

/** One dataset of an event's inputs or outputs, all its mentions united: of two facets of one key the later position wins. */
export interface UnitedDataset {
  key: EntityKey
  /** The maps of facets that state something of it, in the order of their positions. */
  facets: StatedFacets[]
  /** Likewise its inputFacets or outputFacets. */
  sideFacets: StatedFacets[]
}

export interface UnitedDatasets {
  inputs: Map<EntityKey, UnitedDataset>
  outputs: Map<EntityKey, UnitedDataset>
}

/** What the statements about one dataset in one event come to. */
export interface DatasetStatement {
  facets: FacetRegisters
  sideFacets: FacetRegisters
  /** Key of its SchemaVersion; null where it says that it has none; undefined where it says nothing. */
  schema: string | null | undefined
  columnLineage: string | null | undefined
}

export function unitedDatasets(
  event: { inputs?: InputDataset[]; outputs?: OutputDataset[] },
  broken: ReadonlySet<string>,
): UnitedDatasets {
  const inputs = event.inputs?.map(({ namespace, name, facets, inputFacets }) => ({
    namespace,
    name,
    facets,
    sideFacets: inputFacets,
    side: { property: 'inputFacets', where: 'input' as const },
  }))
  const outputs = event.outputs?.map(({ namespace, name, facets, outputFacets }) => ({
    namespace,
    name,
    facets,
    sideFacets: outputFacets,
    side: { property: 'outputFacets', where: 'output' as const },
  }))
  return {
    inputs: unite(inputs ?? [], '#/inputs', broken),
    outputs: unite(outputs ?? [], '#/outputs', broken),
  }
}

/** Adds the datasets of an event, their schemas and column lineages, and tells what it said of each. */
export function projectDatasets(
  facts: Facts,
  { inputs, outputs }: UnitedDatasets,
  saying: Saying,
): { inputs: Map<EntityKey, DatasetStatement>; outputs: Map<EntityKey, DatasetStatement> } {
  const statementsOf = (datasets: Map<EntityKey, UnitedDataset>) =>
    new Map([...datasets.values()].map((dataset) => [dataset.key, stateDataset(facts, dataset, saying)]))
  const statements = { inputs: statementsOf(inputs), outputs: statementsOf(outputs) }
  // Outputs behind inputs: within one event the later position wins, and clocks cannot tell the two apart.
  const united = new Map<EntityKey, FacetRegisters>()
  for (const [key, { facets }] of [...statements.inputs, ...statements.outputs]) {
    const before = united.get(key)
    united.set(key, before === undefined ? facets : new Map([...before, ...facets]))
  }
  for (const [key, facets] of united) addDataset(facts, key, { at: saying.time, facets })
  return statements
}

function unite(
  datasets: {
    namespace: string
    name: string
    facets: Facets | undefined
    sideFacets: Facets | undefined
    side: { property: string; where: FacetLocation }
  }[],
  pointer: string,
  broken: ReadonlySet<string>,
): Map<EntityKey, UnitedDataset> {
  const united = new Map<EntityKey, UnitedDataset>()
  for (const [index, dataset] of datasets.entries()) {
    const at = pointerTo(pointer, index)
    const key = toEntityKey(dataset)
    const entry = united.get(key) ?? { key, facets: [], sideFacets: [] }
    const { where, property } = dataset.side
    entry.facets.push({ facets: dataset.facets, where: 'dataset', pointer: pointerTo(at, 'facets'), broken })
    entry.sideFacets.push({ facets: dataset.sideFacets, where, pointer: pointerTo(at, property), broken })
    united.set(key, entry)
  }
  return united
}

function stateDataset(
  facts: Facts,
  { key, facets, sideFacets }: UnitedDataset,
  saying: Saying,
): DatasetStatement {
  const registers = uniteRegisters(facets, saying)
  const hashOf = (facet: string) => registers.get(facet)?.hash
  return {
    facets: registers,
    sideFacets: uniteRegisters(sideFacets, saying),
    schema: stateSchema(facts, { dataset: key, facets, hash: hashOf('schema') }, saying),
    columnLineage: stateColumnLineage(facts, { dataset: key, facets, hash: hashOf('columnLineage') }, saying),
  }
}

function uniteRegisters(facets: StatedFacets[], saying: Saying): FacetRegisters {
  return new Map(facets.flatMap((stated) => [...toFacetRegisters(stated, saying)]))
}

interface StatedContent {
  dataset: EntityKey
  facets: StatedFacets[]
  /** Content key of the facet that counts. */
  hash: string | undefined
}

/**
 * Adds the schema that facets of a dataset state.
 * @returns its key; null where they say that there is none; undefined where they say nothing
 */
export function stateSchema(
  facts: Facts,
  { dataset, facets, hash = '' }: StatedContent,
  { time, memos }: Saying,
): string | null | undefined {
  const stated = lastThatStates(facets, 'schema')
  if (stated === undefined) return undefined
  const schema = readFacet(stated, 'schema')
  if (schema === undefined) return null
  const version = memos.schemas(`${dataset} ${hash}`, () => toSchemaVersion(dataset, schema) ?? null)
  if (version === null) return null
  addSchema(facts, version.key, { dataset, at: time, fields: version.fields })
  return version.key
}

/**
 * Adds the column lineage that facets of a dataset state, with the datasets that it names.
 * @returns its key; null where they say that there is none; undefined where they say nothing
 */
export function stateColumnLineage(
  facts: Facts,
  { dataset, facets, hash = '' }: StatedContent,
  { time, memos }: Saying,
): string | null | undefined {
  const stated = lastThatStates(facets, 'columnLineage')
  if (stated === undefined) return undefined
  const facet = readFacet(stated, 'columnLineage')
  if (facet === undefined) return null
  const derive = () => toColumnLineageVersion(dataset, facet) ?? null
  const version = memos.columnLineages(`${dataset} ${hash}`, derive)
  if (version === null) return null
  addLineage(facts, version.key, { target: dataset, at: time, content: version.content })
  for (const named of version.datasets) addDataset(facts, named, { at: time })
  return version.key
}

export function lastThatStates(facets: StatedFacets[], key: string): StatedFacets | undefined {
  return facets.findLast((stated) => stated.facets !== undefined && Object.hasOwn(stated.facets, key))
}
