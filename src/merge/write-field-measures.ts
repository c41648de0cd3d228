import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey } from '../openlineage/keys.ts'
import { facetValue } from '../project/facet-registers.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import { toFieldMeasures } from './interpret-dataset.ts'
import { runRows } from './run-rows.ts'

const writeMeasuresStatement = cypher`
  UNWIND $rows AS row
  MATCH (d:Dataset {namespace: row.namespace, name: row.name})-[:HAS_FIELD]->(f:Field)
  USING INDEX SEEK d:Dataset(namespace, name)
  SET f += coalesce(row.byField[f.name], row.ofOthers)
`

/** Writes what the newest `dataQualityMetrics` of a dataset says of its fields; those that it does not name lose what they had. */
export async function writeFieldMeasures(
  tx: GraphTransaction,
  datasets: readonly DatasetNodeChange[],
): Promise<void> {
  const rows = datasets.flatMap(({ dataset, facets }) => {
    const metrics = facets?.changed.get('dataQualityMetrics')
    return metrics === undefined
      ? []
      : [{ ...fromEntityKey(dataset), ...toFieldMeasures(facetValue(metrics)) }]
  })
  await runRows(tx, writeMeasuresStatement, rows)
}
