import { facetValue, type FacetRegisters } from '../project/facet-registers.ts'
import { datasetInterpretations } from './interpret-dataset.ts'
import type { Interpretations } from './interpret-facet.ts'
import { jobInterpretations } from './interpret-job.ts'
import { runInterpretations } from './interpret-run.ts'
import { readInterpretations, writeInterpretations } from './interpret-sides.ts'
import type { Properties } from './properties.ts'

const interpretations = {
  job: jobInterpretations,
  dataset: datasetInterpretations,
  run: runInterpretations,
  read: readInterpretations,
  write: writeInterpretations,
}

/** The properties that follow from facets which changed. A facet that is deleted, or breaks its schema, says nothing: null. */
export function toInterpretedProperties(
  kind: keyof typeof interpretations,
  changed: FacetRegisters,
): Properties {
  const byKey: Interpretations = interpretations[kind]
  const properties: Properties = {}
  for (const [key, register] of changed) {
    const interpret = Object.hasOwn(byKey, key) ? byKey[key] : undefined
    if (interpret !== undefined) Object.assign(properties, interpret(facetValue(register)))
  }
  return properties
}
