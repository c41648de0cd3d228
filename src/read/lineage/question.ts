import type { Reader } from '../../http/access.ts'
import type { Span } from './held-structures.ts'

export const directions = ['both', 'upstream', 'downstream', 'either'] as const
export type Direction = (typeof directions)[number]

export const granularities = ['dataset', 'field', 'flow', 'job', 'application', 'run'] as const
export type Granularity = (typeof granularities)[number]

/** What is asked of lineage. */
export interface LineageQuestion {
  reader: Reader
  of: readonly string[]
  direction: Direction
  depth: number
  /** Undefined: that of the first thing of `of`. */
  granularity: Granularity | undefined
  /** Undefined: now. */
  span: Span | undefined
  namespaces: readonly string[]
  jobTypes: readonly string[]
  tags: readonly string[]
  derivations: readonly string[]
  isFolded: boolean
  isControl: boolean
  nodesMax: number
}
