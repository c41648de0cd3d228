import type { Told } from './clock.ts'
import type { Dataset } from './datasets.ts'
import { type GraphView, ownerLine, tagLine, toLine, toLines } from './graph-view.ts'
import { ownersOf, tagsOf } from './labels.ts'
import { type SameAs, sameAsOf } from './names.ts'
import type { Run } from './runs.ts'
import { declaredOf } from './said.ts'
import { schemaText } from './schemas.ts'
import { declaredRenames, type Renamed, renamesOf, type Version } from './versions.ts'

/** What the graph shows of datasets. */
export function datasetViews(
  told: readonly Told[],
  runs: readonly Run[],
  datasets: readonly Dataset[],
): GraphView {
  const sameAs = sameAsOf(datasets.flatMap(({ said }) => said))
  const renames = [...runs.flatMap(renamesOf), ...declaredRenames(told.flatMap(declaredOf))]
  return {
    datasets: toLines(
      datasets.map(({ dataset, description, droppedAt }) => toLine(dataset, { description, droppedAt })),
    ),
    datasetOwners: toLines(
      datasets.flatMap(({ dataset, said }) => ownersOf(said).map((owner) => ownerLine(dataset, owner))),
    ),
    datasetTags: toLines(
      datasets.flatMap(({ dataset, said }) => tagsOf(said).map((tag) => tagLine(dataset, tag))),
    ),
    datasetVersions: toLines(datasets.flatMap(({ versions }) => versions.map(versionLine))),
    renames: toLines(
      earliest(renames).map(({ dataset, former, at, runId }) =>
        toLine(`${dataset} was ${former}`, { at, runId }),
      ),
    ),
    sameAs: toLines(sameAs.map(({ from, to, source }) => toLine(`${from} is ${to}`, { source }))),
    fields: toLines(
      datasets.flatMap(({ dataset, fields }) =>
        fields.map(({ field, type, isRemoved }) =>
          toLine(`${dataset}#${field}`, { type, removed: isRemoved }),
        ),
      ),
    ),
    sameFields: toLines(sameAs.flatMap((link) => sameFields(link, datasets))),
  }
}

/** A renaming that DatasetEvents declare more than once was when it was first declared. */
function earliest(renames: readonly Renamed[]): Renamed[] {
  return renames.filter((one) => renames.every((other) => !isSame(one, other) || one.at <= other.at))
}

function isSame(a: Renamed, b: Renamed): boolean {
  return a.dataset === b.dataset && a.former === b.former && a.runId === b.runId
}

function versionLine({ dataset, run, version, writtenAt, change, isAssumed, schema }: Version): string {
  return toLine(`${dataset} ${run.runId}`, {
    version,
    writtenAt,
    change,
    assumed: isAssumed,
    schema: schema && schemaText(schema),
  })
}

/** Columns of one name in two datasets that are one. */
function sameFields({ from, to }: SameAs, datasets: readonly Dataset[]): string[] {
  const fieldsOf = (name: string) =>
    datasets.flatMap(({ dataset, fields }) => (dataset === name ? fields.map(({ field }) => field) : []))
  const others = fieldsOf(to)
  return fieldsOf(from)
    .filter((field) => others.includes(field))
    .map((field) => `${from}#${field} is ${to}#${field}`)
}
