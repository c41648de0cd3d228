import { gunzipSync } from 'node:zlib'
import type { Graph } from '../../src/graph/connection.ts'
import type { LoggedEvent } from '../../src/log/logged-event.ts'
import { readLog } from '../../src/log/read-log.ts'
import { mergeFacts } from '../../src/merge/merge-facts.ts'
import type { LineageEvent } from '../../src/openlineage/events.ts'
import { emptyFacts } from '../../src/project/facts.ts'
import { projectEvent, type ReceivedEvent } from '../../src/project/project-event.ts'
import { createContentMemos } from '../../src/project/saying.ts'
import { emptyGraph } from '../../src/rebuild/empty-graph.ts'
import { mergeCheckpoint } from '../../src/retention/checkpoint.ts'
import type { ToFacts } from '../../src/retention/fold-events.ts'
import { noneRemoved, retain, type RemovedCounts, type RetentionLimits } from '../../src/retention/retain.ts'
import { mergeInBatches } from './graph.ts'

const { signal } = new AbortController()
const facetBytesMax = 262_144

export const keepsAll: RetentionLimits = {
  eventsBefore: undefined,
  runsBefore: undefined,
  versionsBefore: undefined,
}

const alwaysMine = async () => undefined

/** Events as they are, for tests whose events are not validated. */
const toFacts: ToFacts = (events) => {
  const facts = emptyFacts()
  for (const event of events)
    projectEvent(facts, toReceived(event), { facetBytesMax, memos: createContentMemos() })
  facts.events.clear()
  return { facts, unreadable: [] }
}

function toReceived(event: LoggedEvent): ReceivedEvent {
  const parsed = JSON.parse(gunzipSync(event.payload).toString('utf8')) as LineageEvent
  return { ...event, event: parsed, brokenFacets: [] }
}

/** Removes what is older than the limits, as often as it takes until nothing more goes. */
export async function retainAll(graph: Graph, limits: RetentionLimits): Promise<RemovedCounts> {
  const counts = noneRemoved()
  for (let before = -1; before !== counts.runs + counts.events;) {
    before = counts.runs + counts.events
    await retain(graph, {
      limits,
      toFacts,
      confirm: alwaysMine,
      onRemoved: (removed) => {
        for (const kind of ['events', 'runs', 'datasetVersions', 'testResults'] as const)
          counts[kind] += removed[kind]
      },
      onUnreadable: (id) => {
        throw new Error(`the event ${id} cannot be read`)
      },
      signal,
    })
  }
  return counts
}

/** Makes the graph anew from its checkpoint and its log, without the queue that the command waits for. */
export async function rebuildAlone(graph: Graph, batchSize = 50): Promise<void> {
  await emptyGraph(graph, { signal, confirm: alwaysMine, onLeft: () => undefined })
  await mergeCheckpoint(graph, { merge: async (facts) => await mergeFacts(graph, facts), signal })
  const events: ReceivedEvent[] = []
  for await (const page of readLog(graph, {})) events.push(...page.events.map(toReceived))
  await mergeInBatches(graph, events, batchSize)
}
