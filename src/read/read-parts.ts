import type { AskGraph } from './ask-graph.ts'

/** What the answers to questions are made of. */
export interface ReadParts {
  ask: AskGraph
}
