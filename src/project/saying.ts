import { createMemo, type Memo } from './memo.ts'
import type { ColumnLineageVersion } from './column-lineage.ts'
import type { Statement } from './facet-registers.ts'
import type { SchemaVersion } from './schema-version.ts'

/** Who speaks in an event, when, and how its facets are to be taken. */
export interface Saying extends Statement {
  /** Pointers of facets that are kept but not interpreted. */
  broken: ReadonlySet<string>
  facetBytesMax: number
  memos: ContentMemos
}

/** What facets come to, by dataset and content; null where they say nothing. */
export interface ContentMemos {
  schemas: Memo<SchemaVersion | null>
  columnLineages: Memo<ColumnLineageVersion | null>
}

/** Entries remembered: a column lineage of a wide table may take 100 KB. */
const memoEntriesMax = { schemas: 4000, columnLineages: 1000 }

export function createContentMemos(): ContentMemos {
  return {
    schemas: createMemo(memoEntriesMax.schemas),
    columnLineages: createMemo(memoEntriesMax.columnLineages),
  }
}
