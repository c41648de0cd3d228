import { cypher } from '../cypher.ts'

/** What people change, each once; of one kind the newest is found at the end of the index. */
export const changes = [
  cypher`CREATE CONSTRAINT change_id IF NOT EXISTS FOR (n:Change) REQUIRE n.id IS UNIQUE`,
  cypher`CREATE INDEX change_newest IF NOT EXISTS FOR (n:Change) ON (n.kind, n.at, n.id)`,
  cypher`CALL db.awaitIndexes(600)`,
]
