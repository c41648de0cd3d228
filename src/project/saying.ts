import type { Statement } from './facet-registers.ts'

/** Who speaks in an event, when, and how its facets are to be taken. */
export interface Saying extends Statement {
  /** Pointers of facets that are kept but not interpreted. */
  broken: ReadonlySet<string>
  facetBytesMax: number
}
