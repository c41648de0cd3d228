import { readObjects, readPath, readText } from '../openlineage/json-object.ts'
import { isRunId, normaliseRunId } from '../openlineage/run-id.ts'
import { indexedText, integer, text, texts, time, type Interpretations } from './interpret-facet.ts'

/** What a run could not find out: so many messages, and so many characters of each, are kept as a property. */
const extractionErrorsMax = { messages: 100, characters: 1024 }

/** Which properties of a Run follow from which facet; `user` and `errorMessage` follow from several (`project/run-claims.ts`). */
export const runInterpretations: Interpretations = {
  nominalTime: (facet) => ({
    nominalStartAt: time(facet, 'nominalStartTime'),
    nominalEndAt: time(facet, 'nominalEndTime'),
  }),
  processing_engine: (facet) => ({
    engine: text(facet, 'name'),
    engineVersion: text(facet, 'version'),
    adapterVersion: text(facet, 'openlineageAdapterVersion'),
  }),
  externalQuery: (facet) => ({
    externalQueryId: indexedText(facet, 'externalQueryId'),
    externalQuerySource: text(facet, 'source'),
  }),
  extractionError: (facet) => ({
    lineageIncomplete: hasExtractionErrors(facet) ? true : null,
    totalTasks: integer(facet, 'totalTasks'),
    failedTasks: integer(facet, 'failedTasks'),
    extractionErrors: texts(toMessages(facet)),
  }),
  executionParameters: (facet) => ({ parameters: texts(toParameters(facet)) }),
  jobDependencies: (facet) => ({
    upstreamRunIds: texts(toRunIds(facet, 'upstream')),
    downstreamRunIds: texts(toRunIds(facet, 'downstream')),
    triggerRule: text(facet, 'trigger_rule'),
  }),
  airflow: (facet) => ({
    attempt: integer(facet, 'taskInstance', 'try_number'),
    mapIndex: integer(facet, 'taskInstance', 'map_index'),
    logUrl: text(facet, 'taskInstance', 'log_url'),
    operator: text(facet, 'task', 'operator_class'),
  }),
  airflowDagRun: (facet) => ({
    dagRunId: text(facet, 'dagRun', 'run_id'),
    dagRunType: text(facet, 'dagRun', 'run_type'),
  }),
  spark_applicationDetails: (facet) => ({ applicationId: text(facet, 'applicationId') }),
  gcp_composer_run: (facet) => ({ composerDagRunId: text(facet, 'dagRunId') }),
  gcp_dataproc: (facet) => ({
    dataprocProject: text(facet, 'projectId'),
    dataprocCluster: text(facet, 'clusterName'),
    dataprocJobId: text(facet, 'jobId'),
    dataprocBatchId: text(facet, 'batchId'),
    dataprocAppId: text(facet, 'appId'),
  }),
}

function hasExtractionErrors(facet: unknown): boolean {
  const failedTasks = readPath(facet, ['failedTasks'])
  return readObjects(facet, 'errors').length > 0 || (typeof failedTasks === 'number' && failedTasks > 0)
}

function toMessages(facet: unknown): string[] {
  const messages = readObjects(facet, 'errors').flatMap((error) => readText(error, ['errorMessage']) ?? [])
  return [...new Set(messages)]
    .slice(0, extractionErrorsMax.messages)
    .map((message) => message.slice(0, extractionErrorsMax.characters))
}

/** Each as `key=value`, sorted, so that two runs compare by their lists. */
function toParameters(facet: unknown): string[] {
  return readObjects(facet, 'parameters')
    .flatMap((parameter) => {
      const [key, value] = [readText(parameter, ['key']), readPath(parameter, ['value'])]
      if (key === undefined) return []
      return typeof value === 'string' ? [`${key}=${value}`] : [key]
    })
    .toSorted()
}

function toRunIds(facet: unknown, side: 'upstream' | 'downstream'): string[] {
  const runIds = readObjects(facet, side).flatMap(
    (dependency) => readText(dependency, ['run', 'runId']) ?? [],
  )
  return [...new Set(runIds.filter(isRunId).map(normaliseRunId))].toSorted()
}
