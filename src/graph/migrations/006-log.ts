import { cypher } from '../cypher.ts'

/** What reading the log in its order needs, and the mark of a rebuild. */
export const logIndexes = [
  // The id is in it so that a page can begin in the middle of many events of one instant.
  cypher`CREATE INDEX event_log IF NOT EXISTS FOR (n:Event) ON (n.eventTime, n.id)`,
  cypher`CREATE CONSTRAINT rebuild_id IF NOT EXISTS FOR (n:Rebuild) REQUIRE n.id IS UNIQUE`,
]
