import type { Told } from './clock.ts'
import { mentionsOf } from './mentions.ts'
import { type Field, fieldsOf } from './fields.ts'
import { textOf } from './json.ts'
import { isRunEvent } from './kinds.ts'
import { changeOf } from './lifecycle.ts'
import type { Run } from './runs.ts'
import { current, declaredOf, inputsOf, type Name, outputsOf, type SaidOfDataset } from './said.ts'
import { schemaSaid } from './schemas.ts'
import {
  declaredChange,
  declaredRenames,
  droppedAt,
  statedSchema,
  type Version,
  versionsOf,
} from './versions.ts'

export interface Dataset {
  dataset: Name
  /** All that inputs, outputs and DatasetEvents have said of it. */
  said: SaidOfDataset[]
  versions: Version[]
  droppedAt: bigint | undefined
  description: string | undefined
  fields: Field[]
}

/** Every dataset that the events name. */
export function datasetsOf(told: readonly Told[], runs: readonly Run[]): Dataset[] {
  const declared = told.flatMap(declaredOf)
  const said = [...told.flatMap((one) => [...inputsOf(one), ...outputsOf(one)]), ...declared]
  const mentions = mentionsOf(told)
  const versions = runs.flatMap(versionsOf)
  const former = [
    ...told
      .filter(({ event }) => isRunEvent(event))
      .flatMap(outputsOf)
      .flatMap(formerOf),
    ...declaredRenames(declared).map((renamed) => renamed.former),
  ]
  return [...new Set([...mentions.datasets, ...former])].toSorted().map((dataset) => {
    const saidHere = said.filter((one) => one.dataset === dataset)
    const versionsHere = versions.filter((version) => version.dataset === dataset)
    const named = [...mentions.columns].filter((column) => column.startsWith(`${dataset}#`))
    return {
      dataset,
      said: saidHere,
      versions: versionsHere,
      droppedAt: droppedAt(versionsHere, declaredChange(dataset, declared)),
      description: textOf(current(saidHere, 'documentation')?.facet['description']),
      fields: fieldsOf(
        statedSchema(
          versionsHere,
          declared.filter((one) => one.dataset === dataset),
        ),
        saidHere.flatMap((one) => schemaSaid([one]) ?? []),
        named.map((column) => column.slice(dataset.length + 1)),
      ),
    }
  })
}

/** The name that an output had before, as one event tells. */
function formerOf(output: SaidOfDataset): Name[] {
  const former = changeOf(current([output], 'lifecycleStateChange'))?.former
  return former === undefined ? [] : [former]
}
