import type { Graph } from '../graph/connection.ts'
import { mergeFacts } from '../merge/merge-facts.ts'
import { createRuleBook } from '../merge/rules-in-force.ts'
import { listRecords, mergeCheckpoint, putRecords } from '../retention/checkpoint.ts'
import type { Terminal } from './terminal.ts'

/** Makes what events have said that are in the log no more, out of the checkpoint; into another graph, with the checkpoint itself. */
export function createCheckpointMerge({
  source,
  target,
  terminal: { say, signal },
}: {
  source: Graph
  target: Graph
  terminal: Terminal
}): () => Promise<void> {
  return async () => {
    if (target !== source) for await (const page of listRecords(source)) await putRecords(target, page)
    const ruleBook = createRuleBook()
    const merged = await mergeCheckpoint(source, {
      merge: async (facts) => await mergeFacts(target, facts, ruleBook),
      signal,
    })
    if (merged > 0) say(`${merged} records of the checkpoint merged.`)
  }
}
