import { cypher } from '../cypher.ts'

/** Each generation of a queue once: several workers meet a new one at the same time. */
export const queues = [
  cypher`CREATE CONSTRAINT queue_generation IF NOT EXISTS FOR (n:Queue) REQUIRE n.generation IS UNIQUE`,
]
