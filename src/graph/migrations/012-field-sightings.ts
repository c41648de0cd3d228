import { cypher } from '../cypher.ts'

/** When a field was last sighted is what its SchemaVersion says of itself: it need not stand, and be written, on every field. */
export const fieldSightings = [
  cypher`
    MATCH (f:Field)
    WHERE f.sightedAt IS NOT NULL
    CALL (f) { REMOVE f.sightedAt } IN TRANSACTIONS OF 10000 ROWS
  `,
]
