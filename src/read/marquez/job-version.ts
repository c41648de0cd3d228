import type { Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { readObjects } from '../../openlineage/json-object.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { textOrNull, toTime, toUuid } from './marquez-values.ts'

/** A version of a job, without its newest run. */
export function toJobVersion(
  row: Row,
  { job, reader }: { job: EntityName; reader: Reader },
): Record<string, unknown> {
  const version = toUuid(String(row['key']))
  const structure: unknown = JSON.parse(textOrNull(row['structure']) ?? '{}')
  const read = (side: 'inputs' | 'outputs') =>
    readObjects(structure, side)
      .map(({ namespace, name }) => ({ namespace: String(namespace), name: String(name) }))
      .filter(({ namespace }) => reader.sees(namespace))
  return {
    id: { ...job, version },
    name: job.name,
    createdAt: toTime(row['createdAt']),
    version,
    namespace: job.namespace,
    location: textOrNull(row['location']),
    inputs: read('inputs'),
    outputs: read('outputs'),
    latestRun: null,
  }
}
