import { cypher } from '../cypher.ts'

/** Links of several sources may join the same two datasets. */
export const identity = [
  cypher`CREATE CONSTRAINT same_as_key IF NOT EXISTS FOR ()-[r:SAME_AS]-() REQUIRE r.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT part_of_key IF NOT EXISTS FOR ()-[r:PART_OF]-() REQUIRE r.key IS UNIQUE`,
]
