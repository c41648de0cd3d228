import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { toDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import type { CursorValues } from '../page.ts'
import { readVersions } from './dataset-statements.ts'
import { toTimePosition } from './positions.ts'
import { scanPage } from './scan-page.ts'
import { isSeenRun, toShownRun } from './shown-names.ts'
import { toShownMap } from './show-value.ts'

/** A version as answers show it. What run made it is said where the reader may see that run. */
export function toDatasetVersion(row: Row, reader: Reader): Record<string, unknown> {
  const shown = toShownMap(row['shown'])
  const run = row['run']
  return {
    ...shown,
    ...(run !== null && run !== undefined && isSeenRun(reader, run) && { run: toShownRun(run) }),
  }
}

/** A page of the versions of a dataset, the newest first. */
export async function readVersionPage(
  tx: GraphTransaction,
  asked: {
    dataset: EntityName
    to: Instant | undefined
    after: CursorValues | undefined
    limit: number
    reader: Reader
  },
): Promise<{ page: Record<string, unknown>[]; next?: string }> {
  const { dataset, to, after, limit, reader } = asked
  const read = (position: CursorValues | undefined, rows: number) => {
    const { at, behind } = toTimePosition(position, to)
    return tx.run(readVersions, { ...dataset, to: toDateTime(at), key: behind, rows })
  }
  const { page, ...rest } = await scanPage({ limit, after, read, keeps: undefined, positionOf })
  return { page: page.map((row) => toDatasetVersion(row, reader)), ...rest }
}

function positionOf(row: Row): CursorValues {
  const { writtenAt, key } = toShownMap(row['shown'])
  return [String(writtenAt), String(key)]
}
