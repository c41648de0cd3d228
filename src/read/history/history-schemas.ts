import type { JsonSchema } from '../../http/parameters.ts'
import {
  anyObject,
  boolean,
  hidden,
  integer,
  list,
  named,
  object,
  string,
  time,
} from '../entities/schema-parts.ts'

const fanOut = { ...list(string), description: 'Ids of what had more than was followed.' }

const originVersion = object(
  {
    key: string,
    dataset: named('Named'),
    version: string,
    writtenAt: time,
    change: string,
    assumed: boolean,
    rowCount: integer,
    run: string,
    distance: integer,
  },
  { required: ['key', 'dataset', 'version', 'writtenAt', 'change', 'assumed', 'distance'] },
)

const originRead = object(
  {
    dataset: named('Named'),
    named: { type: 'string', description: 'The version that the producer says was read.' },
    how: { enum: ['NAMED', 'TIME'], description: 'By the name, or by what was there when the run began.' },
    versions: { ...list(string), description: 'Keys: the version itself, then what it was appended to.' },
    more: boolean,
  },
  { required: ['dataset', 'how', 'versions'] },
)

const originRun = object(
  {
    id: string,
    runId: string,
    job: named('Named'),
    state: string,
    startedAt: time,
    endedAt: time,
    distance: integer,
    code: object(
      { jobVersion: string, source: string, sql: string, sourceLocation: string, sourceVersion: string },
      { required: [] },
    ),
    read: list(originRead),
  },
  { required: ['id', 'runId', 'distance', 'code', 'read'] },
)

const runSide = object(
  { id: string, runId: string, job: named('Named'), state: string, startedAt: time, endedAt: time },
  { required: ['id', 'runId', 'job', 'startedAt'] },
)

const edge = object(
  { from: string, to: string, kind: { enum: ['FEEDS', 'READS', 'WRITES'] }, derivation: string, job: string },
  { required: ['from', 'to', 'kind'] },
)

const schemaSide = object(
  { schema: string, writtenAt: time, columns: list(anyObject) },
  { required: ['columns'] },
)
const datasetsDiff = object({
  came: list(named('Named')),
  went: list(named('Named')),
  changed: list(anyObject),
})

/** The shapes of what was, and of what differs from it. */
export const historySchemas: Readonly<Record<string, JsonSchema>> = {
  Origin: object(
    {
      of: string,
      version: { type: 'string', description: 'The key of the version that was asked for.' },
      depth: integer,
      versions: list(originVersion),
      runs: list(originRun),
      sources: {
        ...list(object({ id: string, namespace: string, name: string, named: string }, { required: ['id'] })),
        description: 'Read, and no version of them known: where the data comes from outside.',
      },
      truncated: object({ depth: boolean, nodes: boolean, fanOut, code: boolean }),
      hidden,
    },
    { required: ['of', 'depth', 'versions', 'runs', 'sources', 'truncated', 'hidden'] },
  ),
  Changes: object({
    run: runSide,
    since: runSide,
    changes: list(
      object(
        {
          kind: {
            enum: 'CODE SCHEMA FAILED LATE UNFINISHED ROW_COUNT MISSING_INPUT NEW_INPUT NOT_UPDATED'.split(
              ' ',
            ),
          },
          of: string,
          distance: integer,
          reason: string,
          at: time,
          run: string,
          before: anyObject,
          after: anyObject,
          score: { type: 'number' },
        },
        { required: ['kind', 'of', 'distance', 'reason', 'score'] },
      ),
    ),
    examined: object({ jobs: integer, datasets: integer }),
    truncated: object({ changes: boolean, depth: boolean, jobs: boolean, fanOut }),
    hidden,
  }),
  Diff: { oneOf: [named('SchemaDiff'), named('LineageDiff'), named('RunDiff')] },
  SchemaDiff: object({
    what: { const: 'schema' },
    of: string,
    from: schemaSide,
    to: schemaSide,
    added: list(anyObject),
    removed: list(anyObject),
    retyped: list(anyObject),
  }),
  LineageDiff: object({
    what: { const: 'lineage' },
    of: string,
    from: time,
    to: time,
    came: list(edge),
    went: list(edge),
    stayed: integer,
    truncated: object({ nodes: boolean, depth: boolean, fanOut }),
    hidden,
  }),
  RunDiff: object({
    what: { const: 'runs' },
    from: anyObject,
    to: anyObject,
    differs: anyObject,
    code: anyObject,
    inputs: datasetsDiff,
    outputs: datasetsDiff,
    hidden,
  }),
}
