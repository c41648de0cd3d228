import type { Connection } from './connection-file.ts'

/** Stands for a key in what is to be pasted: a key itself does not belong on a terminal. */
const keyPlaceholder = '<one of your API keys>'

export interface WelcomeParts {
  connection: Connection & { collectorUrl: string }
  connectionPath: string
  logsDir: string
  hasKeys: boolean
  /** Undefined where Neo4j is not ours. */
  browserUrl: string | undefined
  now: Date
}

/** What `headwater up` ends with: where everything is, and what to paste into Airflow, Spark and a shell. */
export function toWelcome(parts: WelcomeParts): string {
  const { connection, connectionPath, logsDir, browserUrl } = parts
  return `
Headwater takes OpenLineage events at ${connection.collectorUrl}/api/v1/lineage

Airflow, in its environment:
  AIRFLOW__OPENLINEAGE__TRANSPORT='${toAirflowTransport(parts)}'

Spark, in spark-defaults.conf or after --conf with a = between:
${toSparkLines(parts)
  .map((line) => `  ${line}`)
  .join('\n')}

A first event:
  ${toCurl(parts)}

Cypher:
  ${connection.neo4jUri} as ${connection.neo4jUser}; the password is in ${connectionPath}
  npm run cypher -- "MATCH (j:Job) RETURN j.namespace, j.name"
${browserUrl === undefined ? '' : `  ${browserUrl} is Neo4j's browser page\n`}
Logs are in ${logsDir}. Ctrl-C stops everything.
`
}

function toAirflowTransport({ connection: { collectorUrl }, hasKeys }: WelcomeParts): string {
  const auth = hasKeys ? `, "auth": {"type": "api_key", "apiKey": "${keyPlaceholder}"}` : ''
  return `{"type": "http", "url": "${collectorUrl}", "endpoint": "api/v1/lineage"${auth}}`
}

function toSparkLines({ connection: { collectorUrl }, hasKeys }: WelcomeParts): string[] {
  const transport = 'spark.openlineage.transport'
  const auth = [`${transport}.auth.type    api_key`, `${transport}.auth.apiKey  ${keyPlaceholder}`]
  return [
    'spark.extraListeners                 io.openlineage.spark.agent.OpenLineageSparkListener',
    `${transport}.type     http`,
    `${transport}.url      ${collectorUrl}`,
    `${transport}.endpoint /api/v1/lineage`,
    ...(hasKeys ? auth : []),
  ]
}

function toCurl({ connection: { collectorUrl }, hasKeys, now }: WelcomeParts): string {
  const event = {
    eventType: 'COMPLETE',
    eventTime: now.toISOString(),
    producer: 'https://example.com/first-event',
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: toRunId(now) },
    job: { namespace: 'welcome', name: 'first_job' },
    inputs: [{ namespace: 'welcome', name: 'orders' }],
    outputs: [{ namespace: 'welcome', name: 'orders_by_day' }],
  }
  const key = hasKeys ? ` -H 'Authorization: Bearer ${keyPlaceholder}'` : ''
  return `curl -i ${collectorUrl}/api/v1/lineage -H 'Content-Type: application/json'${key} -d '${JSON.stringify(event)}'`
}

/** A UUID of version 7 whose random part is empty: made of the time alone, so that the text is a pure function. */
function toRunId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
