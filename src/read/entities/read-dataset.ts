import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { asText, toDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { toNodeId } from '../node-id.ts'
import { toColumnList } from './column-changes.ts'
import {
  readDataset,
  readFields,
  readJobsAround,
  readOtherNames,
  readSchema,
  readVersions,
} from './dataset-statements.ts'
import { toDatasetVersion } from './dataset-versions.ts'
import { nameOf, toNamed } from './shown-names.ts'
import { toFacets, toPublicProperties, toShown, toShownMap } from './show-value.ts'
import { lastText, latest } from './positions.ts'
import { unknownThing } from './unknown-thing.ts'

const fieldsMax = 2000
const namesMax = 100
const jobsMax = 20
const jobsLookedAtMax = 1000
const versionsShown = 10

/**
 * All that is known of one dataset: its properties, facets, columns, people, other names, newest versions and the jobs around it.
 * @throws {Problem} `node-unknown`
 */
export async function readWholeDataset(
  tx: GraphTransaction,
  { dataset, reader }: { dataset: EntityName; reader: Reader },
): Promise<Record<string, unknown>> {
  const [[found], fields, names, jobs, versions] = await Promise.all([
    tx.run(readDataset, { ...dataset }),
    tx.run(readFields, { ...dataset, rows: fieldsMax + 1 }),
    tx.run(readOtherNames, { ...dataset, rows: namesMax }),
    tx.run(readJobsAround, { ...dataset, rows: jobsMax, looked: jobsLookedAtMax }),
    tx.run(readVersions, { ...dataset, to: toDateTime(latest), key: lastText, rows: versionsShown }),
  ])
  if (found === undefined) throw unknownThing({ kind: 'dataset', ...dataset })
  const properties = isJsonObject(found['properties']) ? found['properties'] : {}
  const schemaKey = currentSchemaOf(properties)
  const [schema] = schemaKey === undefined ? [] : await tx.run(readSchema, { key: schemaKey })
  const seen = (rows: readonly Row[]) => rows.filter((row) => reader.sees(nameOf(row).namespace))
  const [seenNames, seenJobs] = [seen(names), seen(jobs)]
  const shownVersions = versions.map((row) => toDatasetVersion(row, reader))
  return {
    ...toNamed('dataset', dataset),
    kind: 'dataset',
    ...toPublicProperties(properties, { without: ['namespace', 'name'] }),
    owners: toShown(found['owners']),
    tags: toShown(found['tags']),
    fields: fields.slice(0, fieldsMax).map((row) => toField(dataset, row)),
    ...(fields.length > fieldsMax && { moreFields: true }),
    ...(schemaKey !== undefined && {
      schema: { schema: schemaKey, columns: toColumnList(asText(schema?.['fields'])) },
    }),
    otherNames: seenNames.map((row) => ({
      ...toNamed('dataset', nameOf(row)),
      relation: row['relation'],
      ...toShownMap(row['how']),
    })),
    versions: shownVersions,
    writtenBy: seenJobs.filter(({ relation }) => relation === 'WRITES').map(toJobAround),
    readBy: seenJobs.filter(({ relation }) => relation === 'READS').map(toJobAround),
    facets: toFacets(properties, reader),
    hidden: names.length - seenNames.length + jobs.length - seenJobs.length,
  }
}

/** Of the schema last written and the one last declared, the newer: as merging has it, by the time that the clocks begin with. */
function currentSchemaOf(properties: Record<string, unknown>): string | undefined {
  const read = (name: string) => asText(properties[name])
  const [written, declared] = [read('writtenSchema'), read('declaredSchema')]
  const [writtenAt, declaredAt] = [read('writtenSchemaClock'), read('declaredSchemaClock')]
  if (writtenAt === undefined || declaredAt === undefined) return written ?? declared
  return timeOf(declaredAt) > timeOf(writtenAt) ? declared : written
}

function timeOf(clock: string): string {
  return clock.split('|')[0] ?? ''
}

function toField({ namespace, name }: EntityName, row: Row): Record<string, unknown> {
  const shown = toShownMap(row['shown'])
  return {
    id: toNodeId({ kind: 'field', namespace, name, field: String(shown['name']) }),
    ...shown,
    tags: toShown(row['tags']),
  }
}

function toJobAround(row: Row): Record<string, unknown> {
  return { ...toNamed('job', nameOf(row)), ...toShownMap(row['shown']) }
}
