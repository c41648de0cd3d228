import { prepareGraph } from '../graph/prepare-graph.ts'
import { createLogger } from '../logger.ts'
import { writeChanges } from '../log/changes.ts'
import { applyWrittenChanges } from '../merge/put-people-change.ts'
import type { LoggedChange } from '../log/logged-event.ts'
import { graphOf } from '../roles/connections.ts'
import { isOfCheckpoint, takeCheckpoint } from './checkpoint-changes.ts'
import { readStoreConfig } from './store-config.ts'

/** Where an import puts what people had changed. */
export interface ChangeTaker {
  /** Undefined where nobody has asked for it. */
  take: ((changes: readonly LoggedChange[]) => Promise<void>) | undefined
  close(): Promise<void>
}

/**
 * Opens the graph of the settings for changes, where they are wanted: nobody but the caller knows whether it is the collector's.
 * @throws {ConfigError} where they are, and there is no graph
 */
export async function openChangeTaker(isWanted: boolean, signal: AbortSignal): Promise<ChangeTaker> {
  if (!isWanted) return { take: undefined, close: async () => undefined }
  const log = createLogger({ name: 'import', level: 'warn', to: 'stderr' })
  const graph = graphOf(await readStoreConfig(process.env), log)
  await prepareGraph(graph, log)
  return {
    take: async (changes) => {
      const byPeople = changes.filter((change) => !isOfCheckpoint(change))
      await writeChanges(graph, byPeople)
      await applyWrittenChanges(graph, { changes: byPeople, signal })
      await takeCheckpoint(graph, { changes: changes.filter(isOfCheckpoint), signal })
    },
    close: async () => await graph.close(),
  }
}
