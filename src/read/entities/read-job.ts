import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { asText, toDateTime } from '../../graph/values.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import type { Reader } from '../../http/access.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { readJobVersionPage } from './job-versions.ts'
import { readJob, readJobDatasets, readJobRelatives, readRunsOfJob } from './job-statements.ts'
import { lastText, latest } from './positions.ts'
import { nameOf, toNamed, toShownRun } from './shown-names.ts'
import { toFacets, toPublicProperties, toShown, toShownMap } from './show-value.ts'
import { unknownThing } from './unknown-thing.ts'

const datasetsMax = 500
const relativesMax = 100
const versionsShown = 5
const runsShown = 10

/**
 * All that is known of one job: its properties, facets, people, what it reads and writes, the jobs around it, its newest versions and
 * runs.
 * @throws {Problem} `node-unknown`
 */
export async function readWholeJob(
  tx: GraphTransaction,
  { job, reader }: { job: EntityName; reader: Reader },
): Promise<Record<string, unknown>> {
  const newest = { to: toDateTime(latest), behind: lastText, rows: runsShown }
  const [[found], datasets, relatives, runs, versions] = await Promise.all([
    tx.run(readJob, { ...job }),
    tx.run(readJobDatasets, { ...job, rows: datasetsMax }),
    tx.run(readJobRelatives, { ...job, rows: relativesMax }),
    tx.run(readRunsOfJob, { ...job, ...newest }),
    readJobVersionPage(tx, { job, after: undefined, limit: versionsShown, reader }),
  ])
  if (found === undefined) throw unknownThing({ kind: 'job', ...job })
  const properties = isJsonObject(found['properties']) ? found['properties'] : {}
  const currentVersion = asText(properties['version'])
  const seen = (rows: readonly Row[]) => rows.filter((row) => reader.sees(nameOf(row).namespace))
  const [seenDatasets, seenRelatives] = [seen(datasets), seen(relatives)]
  const related = (relation: string) =>
    seenRelatives.filter((row) => row['relation'] === relation).map((row) => toNamed('job', nameOf(row)))
  const tied = (relation: string) =>
    seenDatasets
      .filter((row) => row['relation'] === relation)
      .map((row) => ({ ...toNamed('dataset', nameOf(row)), ...toShownMap(row['shown']) }))
  return {
    ...toNamed('job', job),
    kind: 'job',
    ...toPublicProperties(properties, { without: ['namespace', 'name', 'version'] }),
    ...(currentVersion !== undefined && { currentVersion }),
    owners: toShown(found['owners']),
    tags: toShown(found['tags']),
    inputs: tied('READS'),
    outputs: tied('WRITES'),
    parents: related('PARENT'),
    children: related('CHILD'),
    predecessors: related('PREDECESSOR'),
    successors: related('SUCCESSOR'),
    otherNames: related('SAME_AS'),
    versions: versions.page,
    runs: runs.map(toRunOfJob),
    facets: toFacets(properties, reader),
    hidden: datasets.length - seenDatasets.length + relatives.length - seenRelatives.length,
  }
}

/** A run in the list of its job's, with the version that it had. */
export function toRunOfJob(row: Row): Record<string, unknown> {
  const version = asText(row['version'])
  return { ...toShownRun(row['run']), ...(version !== undefined && { jobVersion: version }) }
}
