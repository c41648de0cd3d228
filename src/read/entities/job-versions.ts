import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { asText, fromDateTime, toDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { fromEntityKey, type EntityKey, type EntityName } from '../../openlineage/keys.ts'
import { toPage, type CursorValues } from '../page.ts'
import { readJobVersions } from './job-statements.ts'
import { toTimePosition } from './positions.ts'
import { toNamed } from './shown-names.ts'
import { toVersionChanges, toVersionContent } from './version-content.ts'

/** A page of the versions of a job, the one begun last first, each with what differs from the one before. */
export async function readJobVersionPage(
  tx: GraphTransaction,
  asked: { job: EntityName; after: CursorValues | undefined; limit: number; reader: Reader },
): Promise<{ page: Record<string, unknown>[]; next?: string }> {
  const { job, after, limit, reader } = asked
  const { at, behind } = toTimePosition(after)
  const rows = await tx.run(readJobVersions, { ...job, to: toDateTime(at), behind, rows: limit + 1 })
  const { page, ...rest } = toPage(rows, limit, (row) => [
    fromDateTime(row['firstSeenAt']) ?? '',
    String(row['key']),
  ])
  return { page: page.map((row, index) => toShownVersion(row, rows[index + 1], reader)), ...rest }
}

function toShownVersion(row: Row, before: Row | undefined, reader: Reader): Record<string, unknown> {
  const content = toVersionContent(asText(row['structure']))
  const changes =
    before && toVersionChanges({ from: toVersionContent(asText(before['structure'])), to: content })
  const shown = (keys: readonly EntityKey[]) => toSeenDatasets(keys, reader)
  return {
    version: row['key'],
    firstSeenAt: fromDateTime(row['firstSeenAt']),
    lastSeenAt: fromDateTime(row['lastSeenAt']),
    inputs: shown(content.inputs),
    outputs: shown(content.outputs),
    ...(content.sql !== undefined && { sqlFingerprint: content.sql }),
    ...(content.source !== undefined && { source: content.source }),
    ...(changes !== undefined && {
      changes: {
        inputsAdded: shown(changes.inputsAdded),
        inputsRemoved: shown(changes.inputsRemoved),
        outputsAdded: shown(changes.outputsAdded),
        outputsRemoved: shown(changes.outputsRemoved),
        changed: changes.changed,
      },
    }),
    hidden:
      content.inputs.length + content.outputs.length - shown([...content.inputs, ...content.outputs]).length,
  }
}

/** Those of datasets that a reader may see, as answers name them. */
export function toSeenDatasets(keys: readonly EntityKey[], reader: Reader) {
  return keys
    .map(fromEntityKey)
    .filter(({ namespace }) => reader.sees(namespace))
    .map((dataset) => toNamed('dataset', dataset))
}
