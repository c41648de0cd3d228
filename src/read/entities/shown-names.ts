import type { Row } from '../../graph/connection.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toNodeId } from '../node-id.ts'
import { toShownMap } from './show-value.ts'

/** A dataset or job as answers name it. */
export function toNamed(kind: 'dataset' | 'job', { namespace, name }: EntityName) {
  return { id: toNodeId({ kind, namespace, name }), namespace, name }
}

/** The namespace and name of a row that has both. */
export function nameOf(row: Row): EntityName {
  return { namespace: String(row['namespace']), name: String(row['name']) }
}

/** The job that a run's own properties name; undefined for a run of which no event told the job. */
export function jobOf(run: unknown): EntityName | undefined {
  if (!isJsonObject(run)) return undefined
  const [namespace, name] = [asText(run['jobNamespace']), asText(run['jobName'])]
  return namespace === undefined || name === undefined ? undefined : { namespace, name }
}

/** Whether a reader may see a run, and so what it did: by the namespace of its job. */
export function isSeenRun(reader: Reader, run: unknown): boolean {
  if (reader.namespaces === undefined) return true
  const job = jobOf(run)
  return job !== undefined && reader.sees(job.namespace)
}

/** A run out of a row, its job beside it under its id. */
export function toShownRun(run: unknown): Record<string, unknown> {
  const { runId, jobNamespace: _namespace, jobName: _name, ...rest } = toShownMap(run)
  const job = jobOf(run)
  return {
    id: toNodeId({ kind: 'run', runId: String(runId) }),
    runId,
    ...rest,
    ...(job !== undefined && { job: toNamed('job', job) }),
  }
}
