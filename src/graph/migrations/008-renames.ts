import { cypher } from '../cypher.ts'

/** Names that datasets had before, and what the newest change of each was. */
export const renames = [
  cypher`CREATE CONSTRAINT renamed_from_key IF NOT EXISTS FOR ()-[r:RENAMED_FROM]-() REQUIRE r.key IS UNIQUE`,
  cypher`MATCH (d:Dataset) WHERE d.droppedAt IS NOT NULL SET d.writtenChange = 'DROP'`,
]
