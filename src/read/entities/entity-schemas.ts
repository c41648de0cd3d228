import type { JsonSchema } from '../../http/parameters.ts'
import {
  anyObject,
  boolean,
  hidden,
  integer,
  list,
  named,
  object,
  pageOf,
  string,
  time,
} from './schema-parts.ts'

const nameMembers = { id: string, namespace: string, name: string }
const facets: JsonSchema = {
  type: 'object',
  description:
    'Every facet by its key, as it was sent; numbers above 2^53 lose digits here, and none in the event. Those that name what the key may not see are left out.',
}
const column = object({ name: string, type: string }, { required: ['name'] })
const retyped = object({ name: string, from: string, to: string })
const seen = { firstSeenAt: time, lastSeenAt: time }
const owner = object({ name: string, type: string }, { required: ['name'] })
const tag = object({ key: string, value: string, source: string }, { required: ['key', 'value'] })
const tied = object(
  { ...nameMembers, current: boolean, ...seen },
  { required: ['id', 'namespace', 'name', 'current'] },
)

const runMembers = {
  id: string,
  runId: string,
  state: { enum: ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] },
  startedAt: time,
  endedAt: time,
  durationMs: integer,
  presumedLostAt: time,
  job: named('Named'),
  errorMessage: { type: 'string', description: 'In lists, its first 300 characters.' },
}

/** The shapes of lists and single things. */
export const entitySchemas: Readonly<Record<string, JsonSchema>> = {
  Named: object(nameMembers),
  ColumnChanges: object({ added: list(column), removed: list(column), retyped: list(retyped) }),
  DatasetPage: pageOf(
    'datasets',
    object(
      { ...nameMembers, type: string, subType: string, description: string, ...seen, droppedAt: time },
      { required: ['id', 'namespace', 'name'] },
    ),
  ),
  DatasetVersion: object(
    {
      key: string,
      version: { type: 'string', description: "The producer's name for it, else the run's id." },
      writtenAt: time,
      change: string,
      assumed: { type: 'boolean', description: 'The producer did not say how it wrote: taken as an append.' },
      rowCount: integer,
      byteCount: integer,
      fileCount: integer,
      schema: string,
      run: named('RunSummary'),
    },
    { required: ['key', 'version', 'writtenAt', 'change', 'assumed'] },
  ),
  Dataset: object(
    {
      ...nameMembers,
      kind: { const: 'dataset' },
      owners: list(owner),
      tags: list(tag),
      fields: list(
        object(
          {
            id: string,
            name: string,
            type: string,
            description: string,
            ordinal: integer,
            removedAt: time,
            tags: list(tag),
          },
          { required: ['id', 'name', 'tags'] },
        ),
      ),
      otherNames: list(
        object(
          {
            ...nameMembers,
            relation: { enum: ['SAME_AS', 'PART_OF', 'HAS_PART', 'RENAMED_FROM', 'RENAMED_TO'] },
            source: string,
            type: string,
            at: time,
            runId: string,
          },
          { required: ['id', 'namespace', 'name', 'relation'] },
        ),
      ),
      versions: list(named('DatasetVersion')),
      writtenBy: list(tied),
      readBy: list(tied),
      facets,
      hidden,
    },
    { open: true },
  ),
  DatasetVersionPage: pageOf('versions', named('DatasetVersion')),
  SchemaPage: pageOf(
    'schemas',
    object(
      {
        schema: string,
        source: {
          enum: ['WRITTEN', 'SEEN'],
          description: 'WRITTEN by runs, or only SEEN: declared by DatasetEvents or by readers.',
        },
        heldFrom: time,
        heldTo: time,
        versions: integer,
        columns: list(column),
        changes: named('ColumnChanges'),
      },
      { required: ['schema', 'source', 'columns'] },
    ),
  ),
  JobPage: pageOf(
    'jobs',
    object(
      {
        ...nameMembers,
        jobType: string,
        integration: string,
        processingType: string,
        description: string,
        ...seen,
        latestRun: named('RunSummary'),
      },
      { required: ['id', 'namespace', 'name'] },
    ),
  ),
  Job: object(
    {
      ...nameMembers,
      kind: { const: 'job' },
      owners: list(owner),
      tags: list(tag),
      inputs: list(tied),
      outputs: list(tied),
      parents: list(named('Named')),
      children: list(named('Named')),
      predecessors: list(named('Named')),
      successors: list(named('Named')),
      otherNames: list(named('Named')),
      versions: list(named('JobVersion')),
      runs: list(named('RunSummary')),
      facets,
      hidden,
    },
    { open: true },
  ),
  JobVersion: object(
    {
      version: string,
      ...seen,
      inputs: list(named('Named')),
      outputs: list(named('Named')),
      sqlFingerprint: string,
      source: { type: 'string', description: 'The version of the source code, else a fingerprint of it.' },
      changes: object({
        inputsAdded: list(named('Named')),
        inputsRemoved: list(named('Named')),
        outputsAdded: list(named('Named')),
        outputsRemoved: list(named('Named')),
        changed: list({ enum: ['SQL', 'SOURCE', 'COLUMN_LINEAGE', 'LINEAGE'] }),
      }),
      hidden,
    },
    { required: ['version', 'inputs', 'outputs', 'hidden'] },
  ),
  JobVersionPage: pageOf('versions', named('JobVersion')),
  RunSummary: object(
    { ...runMembers, nominalStartAt: time, attempt: integer, mapIndex: integer, jobVersion: string },
    { required: ['id', 'runId'] },
  ),
  RunPage: pageOf('runs', named('RunSummary')),
  Run: object(
    {
      ...runMembers,
      kind: { const: 'run' },
      parent: named('RunSummary'),
      root: named('RunSummary'),
      children: list(named('RunSummary')),
      read: list(
        object(
          { dataset: named('Named'), at: time, facets },
          { open: true, required: ['dataset', 'facets'] },
        ),
      ),
      wrote: list(
        object(
          { dataset: named('Named'), at: time, produced: anyObject, facets },
          { open: true, required: ['dataset', 'facets'] },
        ),
      ),
      tests: list(anyObject),
      tags: list(tag),
      events: list(named('EventSummary')),
      facets,
      hidden,
    },
    {
      required: [
        'id',
        'runId',
        'kind',
        'children',
        'read',
        'wrote',
        'tests',
        'tags',
        'events',
        'facets',
        'hidden',
      ],
      open: true,
    },
  ),
  Field: object(
    {
      id: string,
      kind: { const: 'field' },
      name: string,
      dataset: named('Named'),
      tags: list(tag),
      sources: list(anyObject),
      results: list(anyObject),
      influences: list(anyObject),
      sameAs: list(anyObject),
      tests: list(anyObject),
      hidden,
    },
    { open: true },
  ),
}
