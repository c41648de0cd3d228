import type { Graph } from '../graph/connection.ts'
import type { AskGraph } from './ask-graph.ts'
import type { CypherLimits } from './cypher/cypher-endpoint.ts'
import type { TakeChange } from './take-change.ts'

/** What the answers to questions are made of. */
export interface ReadParts {
  ask: AskGraph
  /** Undefined where the receiver was started without one. */
  graph: Graph | undefined
  cypherLimits: CypherLimits
  /** For what people may change. */
  takeChange: TakeChange
}
