import type { GraphTransaction, Row } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asBytes, asText, asTexts, fromDateTime } from '../graph/values.ts'
import type { LoggedEvent } from '../log/logged-event.ts'
import { fromEntityKey, toEntityKey, type EntityKey, type EntityName } from '../openlineage/keys.ts'
import type { Facts } from '../project/facts.ts'
import { addToRecords, recordKey, type Subject } from './checkpoint.ts'

/** What the events of one subject say together; and those of them that cannot be read any more. */
export type ToFacts = (events: readonly LoggedEvent[]) => { facts: Facts; unreadable: readonly string[] }

const readStatement = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  USING INDEX SEEK e:Event(id)
  MATCH (e)-[:ABOUT]->(subject)
  RETURN e.id AS id, e.eventTime AS eventTime, e.receivedAt AS receivedAt, e.eventType AS eventType, e.producer AS producer,
    e.warnings AS warnings, e.payload AS payload, labels(subject)[0] AS label, subject.runId AS runId,
    subject.namespace AS namespace, subject.name AS name
`
const lockRunsStatement = cypher`
  UNWIND $rows AS row
  MATCH (r:Run {runId: row})
  USING INDEX SEEK r:Run(runId)
  SET r.lock = true
`
const lockJobsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  SET j.lock = true
`
const lockDatasetsStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})
  USING INDEX SEEK d:Dataset(namespace, name)
  SET d.lock = true
`
const deleteStatement = cypher`
  UNWIND $ids AS id
  MATCH (e:Event {id: id})
  USING INDEX SEEK e:Event(id)
  DETACH DELETE e
`

/** Locks what is there of these in the order in which merges do, so that nobody waits in a circle. */
export async function lockInOrder(
  tx: GraphTransaction,
  {
    runs,
    jobs,
    datasets,
  }: { runs: Iterable<string>; jobs: Iterable<EntityKey>; datasets: Iterable<EntityKey> },
): Promise<void> {
  await tx.run(lockRunsStatement, { rows: [...new Set(runs)].toSorted() })
  await tx.run(lockJobsStatement, { rows: toNames(jobs) })
  await tx.run(lockDatasetsStatement, { rows: toNames(datasets) })
}

function toNames(keys: Iterable<EntityKey>): EntityName[] {
  return [...new Set(keys)].toSorted().map(fromEntityKey)
}

/**
 * Takes events out of the log, and joins what they say into the checkpoint: a RunEvent into the record of its run. An event that cannot
 * be read stays.
 * @returns how many were taken out, and which could not be read
 */
export async function foldEvents(
  tx: GraphTransaction,
  { ids, toFacts }: { ids: readonly string[]; toFacts: ToFacts },
): Promise<{ removed: number; unreadable: string[] }> {
  const events = (await tx.run(readStatement, { ids })).flatMap(toSubjectEvent)
  const ofKind = (label: string) => events.filter((one) => one.label === label)
  await lockInOrder(tx, {
    runs: ofKind('Run').map(({ name }) => name),
    jobs: ofKind('Job').map(({ name }) => name),
    datasets: ofKind('Dataset').map(({ name }) => name),
  })
  const unreadable: string[] = []
  const records = new Map<string, Facts>()
  for (const [key, ofSubject] of groupByRecord(events)) {
    const { facts, unreadable: lost } = toFacts(ofSubject)
    unreadable.push(...lost)
    records.set(key, facts)
  }
  await addToRecords(tx, records)
  const left = new Set(unreadable)
  const gone = events.map(({ event }) => event.id).filter((id) => !left.has(id))
  await tx.run(deleteStatement, { ids: gone })
  return { removed: gone.length, unreadable }
}

interface SubjectEvent {
  label: string
  /** The id of a run, the key of a job or dataset. */
  name: string
  event: LoggedEvent
}

function groupByRecord(events: readonly SubjectEvent[]): Map<string, LoggedEvent[]> {
  const groups = new Map<string, LoggedEvent[]>()
  for (const { label, name, event } of events) {
    const key = recordKey(toSubject(label, name))
    groups.set(key, [...(groups.get(key) ?? []), event])
  }
  return groups
}

function toSubject(label: string, name: string): Subject {
  if (label === 'Run') return { run: name }
  return label === 'Job' ? { job: name } : { dataset: name }
}

function toSubjectEvent(row: Row): SubjectEvent[] {
  const payload = asBytes(row['payload'])
  if (payload === undefined) return []
  const label = String(row['label'])
  const name =
    label === 'Run'
      ? String(row['runId'])
      : toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) })
  const eventTime = fromDateTime(row['eventTime']) ?? ''
  const event = {
    id: String(row['id']),
    eventTime,
    receivedAt: fromDateTime(row['receivedAt']) ?? eventTime,
    eventType: asText(row['eventType']),
    producer: asText(row['producer']) ?? '',
    warnings: asTexts(row['warnings']),
    payload,
  }
  return [{ label, name, event }]
}
