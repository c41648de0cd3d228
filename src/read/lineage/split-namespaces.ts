import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'

const splitNamespacesStatement = cypher`
  UNWIND $namespaces AS namespace
  RETURN namespace,
    EXISTS { MATCH (j:Job) WHERE j.namespace = namespace AND j.name > '' } AS isOfJobs,
    EXISTS { MATCH (d:Dataset) WHERE d.namespace = namespace AND d.name > '' } AS isOfDatasets
`

/**
 * Which namespaces have jobs, and which have datasets: a filter on a scheduler's namespace chooses whose flows count, one on a
 * database's which datasets are shown. One that has neither is taken for datasets', so that nothing is found in it.
 */
export async function splitNamespaces(
  tx: GraphTransaction,
  namespaces: readonly string[],
): Promise<{ ofJobs: string[]; ofDatasets: string[] }> {
  if (namespaces.length === 0) return { ofJobs: [], ofDatasets: [] }
  const rows = await tx.run(splitNamespacesStatement, { namespaces })
  const namesOf = (some: typeof rows) => some.map(({ namespace }) => String(namespace))
  return {
    ofJobs: namesOf(rows.filter(({ isOfJobs }) => isOfJobs === true)),
    ofDatasets: namesOf(
      rows.filter(({ isOfJobs, isOfDatasets }) => isOfDatasets === true || isOfJobs !== true),
    ),
  }
}
