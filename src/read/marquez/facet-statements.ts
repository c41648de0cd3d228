import { cypher } from '../../graph/cypher.ts'

/** What a run and its job keep of their facets. */
export const findFacetsStatement = cypher`
  MATCH (r:Run {runId: $runId})
  USING INDEX SEEK r:Run(runId)
  OPTIONAL MATCH (r)-[:RUN_OF]->(j:Job)
  RETURN j.namespace AS namespace, properties(r) AS run, properties(j) AS job
`
