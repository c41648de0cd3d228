import { cypher } from '../cypher.ts'

/** What merging and questions look up beside the keys. */
export const indexes = [
  // The newest version of a dataset, and the one that held at a time.
  cypher`CREATE INDEX dataset_version_time IF NOT EXISTS FOR (n:DatasetVersion) ON (n.namespace, n.dataset, n.writtenAt)`,
  cypher`CREATE INDEX job_by_name IF NOT EXISTS FOR (n:Job) ON (n.name)`,
  cypher`CREATE INDEX dataset_by_name IF NOT EXISTS FOR (n:Dataset) ON (n.name)`,
  cypher`CREATE INDEX field_by_dataset IF NOT EXISTS FOR (n:Field) ON (n.dataset, n.name)`,
  cypher`CREATE INDEX run_started IF NOT EXISTS FOR (n:Run) ON (n.startedAt)`,
  cypher`CREATE INDEX run_state IF NOT EXISTS FOR (n:Run) ON (n.state, n.startedAt)`,
  cypher`CREATE INDEX event_time IF NOT EXISTS FOR (n:Event) ON (n.eventTime)`,
  // All flows of one job, taken back together when a version of it goes.
  cypher`CREATE INDEX feeds_job IF NOT EXISTS FOR ()-[r:FEEDS]-() ON (r.jobNamespace, r.jobName)`,
  cypher`CREATE INDEX influences_job IF NOT EXISTS FOR ()-[r:INFLUENCES]-() ON (r.jobNamespace, r.jobName)`,
  cypher`CREATE INDEX precedes_dag IF NOT EXISTS FOR ()-[r:PRECEDES]-() ON (r.dag)`,
]
