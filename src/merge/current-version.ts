import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { StoredJob } from './lock-nodes.ts'
import { runRows } from './run-rows.ts'

/** The version of a job's newest run that counts, with that run's clock; undefined where none counts. */
export interface CurrentVersion {
  job: EntityKey
  version: string | undefined
  clock: string | undefined
}

const setCurrentVersionsStatement = cypher`
  UNWIND $rows AS row
  MATCH (j:Job {namespace: row.namespace, name: row.name})
  USING INDEX SEEK j:Job(namespace, name)
  SET j.version = row.version, j.versionClock = row.clock
`

export async function setCurrentVersions(
  tx: GraphTransaction,
  { currents, jobs }: { currents: readonly CurrentVersion[]; jobs: ReadonlyMap<EntityKey, StoredJob> },
): Promise<void> {
  const rows = currents
    .filter(({ job, version, clock }) => {
      const stored = jobs.get(job)
      return stored?.version !== version || stored?.versionClock !== clock
    })
    .map(({ job, version, clock }) => ({
      ...fromEntityKey(job),
      version: version ?? null,
      clock: clock ?? null,
    }))
  await runRows(tx, setCurrentVersionsStatement, rows)
}
