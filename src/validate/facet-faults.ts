import type { ErrorObject } from 'ajv/dist/2020.js'
import type { LineageEvent, RunEvent } from '../openlineage/events.ts'
import { isDatasetEvent, isRunEvent } from '../openlineage/events.ts'
import { type FacetLocation, mayBeDeleted, standardFacets } from '../openlineage/facets.ts'
import { isJsonObject, isTombstone, readPath } from '../openlineage/json-object.ts'
import { pointerTo } from '../openlineage/json-pointer.ts'
import { type Finding, findingsMax, toFinding, toSchemaFinding } from './finding.ts'
import type { FacetCheck, SchemaCatalog } from './schema-catalog.ts'
import type { WarningKind } from './warning-kinds.ts'

/** What is odd about the facets of an event. It is taken all the same. */
export interface FacetFaults {
  /** At most `findingsMax`. */
  warnings: Finding[]
  /** The kinds of all warnings, listed or not. */
  kinds: Set<WarningKind>
  /** Pointers to all facets that break their schema: kept, but not interpreted. */
  brokenFacets: string[]
}

/** One entry of a facets map. */
interface FacetEntry {
  where: FacetLocation
  /** Pointer to the facets map. */
  at: string
  key: string
  value: unknown
}

export function findFacetFaults(event: LineageEvent, catalog: SchemaCatalog): FacetFaults {
  const faults: FacetFaults = { warnings: [], kinds: new Set(), brokenFacets: [] }
  const visit = (entry: FacetEntry) => {
    const isTakenAway = mayBeDeleted(entry.where) && isTombstone(entry.value)
    if (!isTakenAway) addFaults(faults, entry, catalog)
  }
  visitFacets(event, visit)
  // What is forwarded in a broken parent is not interpreted with it.
  if (isRunEvent(event) && !faults.brokenFacets.includes(parentPointer)) visitForwarded(event, visit)
  return faults
}

const parentPointer = '#/run/facets/parent'

function addFaults(faults: FacetFaults, entry: FacetEntry, catalog: SchemaCatalog): void {
  const { where, at, key, value } = entry
  const standard = catalog.findFacet(where, key)
  const places = standard === undefined ? placesByKey.get(key) : undefined
  if (places !== undefined) {
    addWarning(faults, 'FACET_MISPLACED', () =>
      toFinding(pointerTo(at, key), `belongs to ${places}; kept as a custom facet`),
    )
  }
  const fault = findFault(value, standard ?? catalog.baseFacets[where])
  const pointer = pointerTo(at, key)
  if (fault === undefined) {
    if (isOfWrongForm(entry)) addWarning(faults, 'FACET_MISPLACED', () => toFinding(pointer, wrongFormDetail))
    return
  }
  const isBroken = fault.keyword !== 'format'
  addWarning(faults, isBroken ? 'FACET_INVALID' : 'FACET_FORMAT', () => toSchemaFinding(fault, pointer))
  if (isBroken) faults.brokenFacets.push(pointer)
}

const wrongFormDetail =
  'is the form of a DatasetEvent: state the lineage of a run or job in job.facets; kept, but no edges follow from it'

/** Only a DatasetEvent states lineage on its dataset; one event never mixes the two forms. */
function isOfWrongForm({ where, at, key }: FacetEntry): boolean {
  return key === 'lineage' && where === 'dataset' && !at.startsWith('#/dataset/')
}

/** A fault of the structure, or else one of a format. */
function findFault(value: unknown, check: FacetCheck): ErrorObject | undefined {
  const [first] = check.whole(value)
  // The check ends at the first error: behind a wrong format the structure may be wrong as well.
  return first?.keyword === 'format' ? (check.structure(value)[0] ?? first) : first
}

function addWarning(faults: FacetFaults, kind: WarningKind, createWarning: () => Finding): void {
  faults.kinds.add(kind)
  if (faults.warnings.length < findingsMax) faults.warnings.push(createWarning())
}

const placeNames: Readonly<Record<FacetLocation, string>> = {
  run: 'run.facets',
  job: 'job.facets',
  dataset: 'facets of a dataset',
  input: 'inputFacets',
  output: 'outputFacets',
}

const placesByKey: ReadonlyMap<string, string> = new Map(
  standardFacets.map(({ key }) => [
    key,
    standardFacets
      .filter((other) => other.key === key)
      .map(({ where }) => placeNames[where])
      .join(' or '),
  ]),
)

type Visit = (entry: FacetEntry) => void

function visitFacets(event: LineageEvent, visit: Visit): void {
  if (isDatasetEvent(event)) {
    visitMap(event.dataset.facets, { where: 'dataset', at: '#/dataset/facets' }, visit)
    return
  }
  if (isRunEvent(event)) visitMap(event.run.facets, { where: 'run', at: '#/run/facets' }, visit)
  visitMap(event.job.facets, { where: 'job', at: '#/job/facets' }, visit)
  for (const [index, input] of (event.inputs ?? []).entries()) {
    visitMap(input.facets, { where: 'dataset', at: `#/inputs/${index}/facets` }, visit)
    visitMap(input.inputFacets, { where: 'input', at: `#/inputs/${index}/inputFacets` }, visit)
  }
  for (const [index, output] of (event.outputs ?? []).entries()) {
    visitMap(output.facets, { where: 'dataset', at: `#/outputs/${index}/facets` }, visit)
    visitMap(output.outputFacets, { where: 'output', at: `#/outputs/${index}/outputFacets` }, visit)
  }
}

/** The facets of other runs and jobs that a `parent` forwards. */
function visitForwarded({ run }: RunEvent, visit: Visit): void {
  const parent = run.facets?.['parent']
  for (const path of [[], ['root']]) {
    for (const where of ['run', 'job'] as const) {
      const steps = [...path, where, 'facets']
      const facets = readPath(parent, steps)
      if (isJsonObject(facets)) visitMap(facets, { where, at: [parentPointer, ...steps].join('/') }, visit)
    }
  }
}

function visitMap(
  facets: Readonly<Record<string, unknown>> | undefined,
  { where, at }: { where: FacetLocation; at: string },
  visit: Visit,
): void {
  if (facets === undefined) return
  for (const key of Object.keys(facets)) visit({ where, at, key, value: facets[key] })
}
