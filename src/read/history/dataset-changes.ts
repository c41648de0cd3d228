import type { EntityName } from '../../openlineage/keys.ts'
import { toColumnChanges, toColumns, isChange, type ColumnChanges } from '../entities/column-changes.ts'
import { toNodeId } from '../node-id.ts'
import type { WrittenVersion } from './change-facts.ts'
import { median, toChange, weights, type FoundChange } from './found-change.ts'
import type { Window } from './job-changes.ts'

/** Earlier versions from which the usual number of rows is known. */
const countsMin = 3
/** Rows are odd below half and above twice the usual number, and as good as gone below a tenth. */
const oddFactor = 2
const goneFactor = 10

interface Seen {
  dataset: EntityName
  distance: number
  /** The newest first. */
  versions: readonly WrittenVersion[]
}

/** The newest schema written in the window and the newest before, where there are both and they differ. */
export function schemasToCompare(
  versions: readonly WrittenVersion[],
  window: Window,
): { from: string; to: string; at: string } | undefined {
  const withSchema = versions.filter(({ schema }) => schema !== undefined)
  const now = withSchema.find(({ writtenAt }) => writtenAt > window.from)
  const then = withSchema.find(({ writtenAt }) => writtenAt <= window.from)
  if (now?.schema === undefined || then?.schema === undefined || now.schema === then.schema) return undefined
  return { from: then.schema, to: now.schema, at: now.writtenAt }
}

/** What changed of a dataset upstream: its columns, its number of rows, that it was dropped, that nothing new came. */
export function findDatasetChanges(
  seen: Seen,
  window: Window,
  fields: ReadonlyMap<string, string>,
): FoundChange[] {
  return [
    ...findDrop(seen, window),
    ...findSchemaChange(seen, window, fields),
    ...findRowCount(seen, window),
    ...findSilence(seen, window),
  ]
}

function findDrop({ dataset, distance, versions }: Seen, window: Window): FoundChange[] {
  const [newest] = versions
  if (newest?.change !== 'DROP' || newest.writtenAt <= window.from) return []
  const change = {
    kind: 'MISSING_INPUT',
    of: toNodeId({ kind: 'dataset', ...dataset }),
    distance,
    at: newest.writtenAt,
    ...(newest.runId !== undefined && { run: newest.runId }),
    reason: 'It was dropped',
  } as const
  return [toChange(change, weights.missingInput)]
}

function findSchemaChange(
  { dataset, distance, versions }: Seen,
  window: Window,
  fields: ReadonlyMap<string, string>,
): FoundChange[] {
  const compared = schemasToCompare(versions, window)
  if (compared === undefined) return []
  const changes = toColumnChanges({
    from: toColumns(fields.get(compared.from)),
    to: toColumns(fields.get(compared.to)),
  })
  if (!isChange(changes)) return []
  const isLoss = changes.removed.length + changes.retyped.length > 0
  const change = {
    kind: 'SCHEMA',
    of: toNodeId({ kind: 'dataset', ...dataset }),
    distance,
    at: compared.at,
    reason: `Its columns changed: ${toWords(changes)}`,
    before: { schema: compared.from },
    after: { schema: compared.to, changes },
  } as const
  return [toChange(change, isLoss ? weights.columnsGone : weights.columnsAdded)]
}

function toWords({ added, removed, retyped }: ColumnChanges): string {
  return [...namesOf('gone', removed), ...namesOf('other type', retyped), ...namesOf('added', added)].join(
    '; ',
  )
}

function namesOf(what: string, columns: readonly { name: string }[]): string[] {
  return columns.length === 0 ? [] : [`${what} ${columns.map(({ name }) => name).join(', ')}`]
}

function findRowCount({ dataset, distance, versions }: Seen, window: Window): FoundChange[] {
  const newest = versions.find(({ rowCount }) => rowCount !== undefined)
  if (newest?.rowCount === undefined || newest.writtenAt <= window.from) return []
  const earlier = versions.flatMap(({ writtenAt, rowCount }) =>
    writtenAt <= window.from && rowCount !== undefined ? [rowCount] : [],
  )
  if (earlier.length < countsMin) return []
  const usual = median(earlier) ?? 0
  const weight = weighRows(newest.rowCount, usual)
  if (weight === undefined) return []
  const change = {
    kind: 'ROW_COUNT',
    of: toNodeId({ kind: 'dataset', ...dataset }),
    distance,
    at: newest.writtenAt,
    ...(newest.runId !== undefined && { run: newest.runId }),
    reason: `${newest.rowCount} rows were written, where ${usual} are usual`,
    before: { rowCount: usual },
    after: { rowCount: newest.rowCount },
  } as const
  return [toChange(change, weight)]
}

/** How odd a number of rows is; undefined for one that is usual. */
export function weighRows(count: number, usual: number): number | undefined {
  if (usual === 0) return count === 0 ? undefined : weights.rowsOdd
  if (count * goneFactor < usual) return weights.rowsGone
  return count * oddFactor < usual || count > usual * oddFactor ? weights.rowsOdd : undefined
}

/** An input of the run itself that used to be written anew between its runs, and was not. */
function findSilence({ dataset, distance, versions }: Seen, window: Window): FoundChange[] {
  const [newest] = versions
  if (distance !== 1 || newest === undefined || newest.writtenAt > window.from) return []
  const times = versions.map(({ writtenAt }) => Date.parse(writtenAt))
  const intervals = times.slice(1).map((time, index) => (times[index] ?? time) - time)
  const usualMs = median(intervals)
  const sinceMs = Date.parse(window.to) - Date.parse(newest.writtenAt)
  if (usualMs === undefined || intervals.length < countsMin || sinceMs <= usualMs) return []
  const change = {
    kind: 'NOT_UPDATED',
    of: toNodeId({ kind: 'dataset', ...dataset }),
    distance,
    at: newest.writtenAt,
    reason: 'Nothing new was written since the last good run, as it usually is',
  } as const
  return [toChange(change, weights.notUpdated)]
}
