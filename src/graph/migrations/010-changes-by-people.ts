import { cypher } from '../cypher.ts'

/** What people have said of a thing is found by it; and what a list of jobs, a search by name and counts over time are read by. */
export const changesByPeople = [
  cypher`CREATE INDEX change_about IF NOT EXISTS FOR (n:Change) ON (n.about)`,
  // The few that are hidden, to count without them.
  cypher`CREATE INDEX job_hidden IF NOT EXISTS FOR (n:Job) ON (n.hiddenAt)`,
  cypher`CREATE INDEX job_last_seen IF NOT EXISTS FOR (n:Job) ON (n.lastSeenAt)`,
  cypher`CREATE INDEX job_first_seen IF NOT EXISTS FOR (n:Job) ON (n.firstSeenAt)`,
  cypher`CREATE INDEX dataset_first_seen IF NOT EXISTS FOR (n:Dataset) ON (n.firstSeenAt)`,
  cypher`CREATE INDEX event_type_time IF NOT EXISTS FOR (n:Event) ON (n.eventType, n.eventTime)`,
  cypher`
    CREATE FULLTEXT INDEX job_and_dataset_names IF NOT EXISTS FOR (n:Job|Dataset) ON EACH [n.name]
    OPTIONS {indexConfig: {\`fulltext.analyzer\`: 'standard-no-stop-words'}}
  `,
]
