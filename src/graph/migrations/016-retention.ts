import { cypher } from '../cypher.ts'

/** What retention keeps of events that it has removed, and whose turn it is to do so. */
export const retention = [
  cypher`CREATE CONSTRAINT checkpoint_key IF NOT EXISTS FOR (n:Checkpoint) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT turn_id IF NOT EXISTS FOR (n:Turn) REQUIRE n.id IS UNIQUE`,
]
