import { fromEntityKey, toContentKey } from '../openlineage/keys.ts'
import { facetValue } from '../project/facet-registers.ts'
import { readTags, type StatedTag } from '../project/owners-and-tags.ts'
import { isIndexablePath } from '../project/schema-version.ts'
import type { DatasetNodeChange } from './dataset-changes.ts'
import type { FacetChanges } from './facet-changes.ts'
import type { JobNodeChange } from './job-changes.ts'
import type { RunChange } from './run-changes.ts'

export interface ThingsWithFacets {
  jobs: readonly JobNodeChange[]
  runs: readonly RunChange[]
  datasets: readonly DatasetNodeChange[]
}

/** What has a `tags` facet: a job or dataset by its key, a run by its runId. */
export interface TaggedThing {
  kind: 'job' | 'run' | 'dataset'
  id: string
}

/** One tag of one thing. */
export interface TagRow {
  kind: TaggedThing['kind'] | 'field'
  thing: Record<string, string>
  tag: string
  value: string
  source: string | null
  key: string
}

const TAGS = 'tags'

/** The tags that the things are to have, and which of the things had a `tags` facet before. */
export function toTagChanges({ jobs, runs, datasets }: ThingsWithFacets): {
  before: TaggedThing[]
  rows: TagRow[]
} {
  const changes = [
    ...jobs.map(({ job, facets }) => ({ thing: { kind: 'job' as const, id: job }, facets })),
    ...runs.map(({ runId, facets }) => ({ thing: { kind: 'run' as const, id: runId }, facets })),
    ...datasets.map(({ dataset, facets }) => ({ thing: { kind: 'dataset' as const, id: dataset }, facets })),
  ].filter(({ facets }) => facets?.changed.has(TAGS) === true)
  return {
    before: changes.filter(({ facets }) => facets?.known.has(TAGS) === true).map(({ thing }) => thing),
    rows: changes.flatMap(({ thing, facets }) => toRows(thing, facets)),
  }
}

function toRows(thing: TaggedThing, facets: FacetChanges | undefined): TagRow[] {
  const tags = readTags(facetValue(facets?.changed.get(TAGS)))
  // A field whose path no index takes has no node.
  const shown = tags.filter(({ field }) => field === undefined || isIndexablePath(field))
  const rows = shown.map((tag) => toRow(thing, tag))
  return [...new Map(rows.map((row) => [row.key, row])).values()]
}

function toRow({ kind, id }: TaggedThing, { key: tag, value, source, field }: StatedTag): TagRow {
  const name: Record<string, string> = kind === 'run' ? { runId: id } : { ...fromEntityKey(id) }
  // Only a dataset has fields.
  const isOfField = kind === 'dataset' && field !== undefined
  const target = isOfField ? ({ kind: 'field', thing: { ...name, field } } as const) : { kind, thing: name }
  const key = toContentKey(JSON.stringify([target.kind, id, isOfField ? field : null, tag, value, source]))
  return { ...target, tag, value, source: source ?? null, key }
}
