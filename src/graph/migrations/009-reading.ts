import { cypher } from '../cypher.ts'

/** What lists of runs are read by. */
export const reading = [
  // The newest runs of a job, and the newest that had begun or ended by a time: without it, a list of jobs would look at every run they ever had.
  cypher`CREATE INDEX run_job IF NOT EXISTS FOR (n:Run) ON (n.jobNamespace, n.jobName, n.startedAt)`,
  // Runs that were merged before they carried the name of their job.
  cypher`
    MATCH (r:Run)-[:RUN_OF]->(j:Job)
    WHERE r.jobNamespace IS NULL
    CALL (r, j) { SET r.jobNamespace = j.namespace, r.jobName = j.name } IN TRANSACTIONS OF 1000 ROWS
  `,
]
