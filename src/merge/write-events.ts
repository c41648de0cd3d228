import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { toByteArray, toDateTime } from '../graph/values.ts'
import { fromEntityKey } from '../openlineage/keys.ts'
import type { EventFact, Facts } from '../project/facts.ts'
import { runRows } from './run-rows.ts'

/** Each event once, however often it comes: the log. */
const writeEventsStatement = cypher`
  UNWIND $rows AS row
  MERGE (e:Event {id: row.id})
  ON CREATE SET e += row.properties
`

/** A run that speaks is not lost. */
const aboutRunStatement = cypher`
  UNWIND $rows AS row
  MATCH (e:Event {id: row.id})
  USING INDEX SEEK e:Event(id)
  MATCH (r:Run {runId: row.runId})
  USING INDEX SEEK r:Run(runId)
  MERGE (e)-[:ABOUT]->(r)
  REMOVE r.presumedLostAt
`

const aboutJobStatement = cypher`
  UNWIND $rows AS row
  MATCH (e:Event {id: row.id})
  USING INDEX SEEK e:Event(id)
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  MERGE (e)-[:ABOUT]->(j)
`

const aboutDatasetStatement = cypher`
  UNWIND $rows AS row
  MATCH (e:Event {id: row.id})
  USING INDEX SEEK e:Event(id)
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  MERGE (e)-[:ABOUT]->(d)
`

/** Writes the events themselves, each with a pointer to the one thing that it is about. */
export async function writeEvents(tx: GraphTransaction, { events }: Facts): Promise<void> {
  const sorted = [...events.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const aboutRuns = sorted.flatMap(({ id, about }) => ('run' in about ? [{ id, runId: about.run }] : []))
  const aboutJobs = sorted.flatMap(({ id, about }) =>
    'job' in about ? [{ id, ...fromEntityKey(about.job) }] : [],
  )
  const aboutDatasets = sorted.flatMap(({ id, about }) =>
    'dataset' in about ? [{ id, ...fromEntityKey(about.dataset) }] : [],
  )
  await runRows(tx, writeEventsStatement, sorted.map(toRow))
  await runRows(tx, aboutRunStatement, aboutRuns)
  await runRows(tx, aboutJobStatement, aboutJobs)
  await runRows(tx, aboutDatasetStatement, aboutDatasets)
}

function toRow({ id, eventType, eventTime, receivedAt, producer, warnings, payload }: EventFact) {
  return {
    id,
    properties: {
      eventType: eventType ?? null,
      eventTime: toDateTime(eventTime),
      receivedAt: toDateTime(receivedAt),
      producer,
      warnings: warnings.length === 0 ? null : warnings,
      payload: toByteArray(payload),
    },
  }
}
