import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { toNodeId } from '../node-id.ts'
import {
  readChildren,
  readReads,
  readRun,
  readRunEvents,
  readRunTests,
  readWrites,
} from './run-statements.ts'
import { isSeenRun, nameOf, toNamed, toShownRun } from './shown-names.ts'
import { toFacets, toPublicProperties, toShown, toShownMap } from './show-value.ts'
import { unknownThing } from './unknown-thing.ts'

const childrenMax = 200
const datasetsMax = 1000
const testsMax = 500
const eventsMax = 100

/**
 * All that is known of one run: its properties and facets, what it read and wrote, the runs around it, its tests and events.
 * @throws {Problem} `node-unknown`
 */
export async function readWholeRun(
  tx: GraphTransaction,
  { runId, reader }: { runId: string; reader: Reader },
): Promise<Record<string, unknown>> {
  const [[found], children, reads, writes, tests, events] = await Promise.all([
    tx.run(readRun, { runId }),
    tx.run(readChildren, { runId, rows: childrenMax + 1 }),
    tx.run(readReads, { runId, rows: datasetsMax }),
    tx.run(readWrites, { runId, rows: datasetsMax }),
    tx.run(readRunTests, { runId, rows: testsMax }),
    tx.run(readRunEvents, { runId, rows: eventsMax }),
  ])
  const properties = found?.['properties']
  if (found === undefined || !isJsonObject(properties) || !isSeenRun(reader, properties))
    throw unknownThing({ kind: 'run', runId })
  const seen = (rows: readonly Row[]) => rows.filter((row) => reader.sees(nameOf(row).namespace))
  const [seenReads, seenWrites] = [seen(reads), seen(writes)]
  const listed = children.slice(0, childrenMax)
  const seenChildren = listed.filter(({ run }) => isSeenRun(reader, run))
  const version = asText(found['version'])
  return {
    ...toShownRun(toPublicProperties(properties)),
    kind: 'run',
    ...(version !== undefined && { jobVersion: version }),
    ...toRelative('parent', found['parent'], reader),
    ...toRelative('root', found['root'], reader),
    children: seenChildren.map(({ run }) => toShownRun(run)),
    ...(children.length > childrenMax && { moreChildren: true }),
    read: seenReads.map((row) => toRead(row, reader)),
    wrote: seenWrites.map((row) => toWrite(row, reader)),
    tests: tests.filter((row) => row['namespace'] === null || reader.sees(nameOf(row).namespace)).map(toTest),
    tags: toShown(found['tags']),
    events: events.map(({ event }) => toShownMap(event)),
    facets: toFacets(properties, reader),
    hidden:
      reads.length -
      seenReads.length +
      writes.length -
      seenWrites.length +
      listed.length -
      seenChildren.length,
  }
}

function toRelative(name: string, run: unknown, reader: Reader): Record<string, unknown> {
  return isJsonObject(run) && isSeenRun(reader, run) ? { [name]: toShownRun(run) } : {}
}

function toRead(row: Row, reader: Reader): Record<string, unknown> {
  const { properties } = row
  return {
    dataset: toNamed('dataset', nameOf(row)),
    ...toPublicProperties(properties),
    facets: toFacets(properties, reader),
  }
}

function toWrite(row: Row, reader: Reader): Record<string, unknown> {
  const { properties, version } = row
  return {
    dataset: toNamed('dataset', nameOf(row)),
    ...toPublicProperties(properties),
    ...(isJsonObject(version) && { produced: toShownMap(version) }),
    facets: toFacets(properties, reader),
  }
}

function toTest(row: Row): Record<string, unknown> {
  const { namespace, dataset, field } = row
  const checked = { namespace: String(namespace), name: String(dataset) }
  return {
    ...toPublicProperties(row['properties']),
    ...(typeof dataset === 'string' && { dataset: toNamed('dataset', checked) }),
    ...(typeof field === 'string' && { field: toNodeId({ kind: 'field', ...checked, field }) }),
  }
}
