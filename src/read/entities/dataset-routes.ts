import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { pointInTime, requiredText, text } from '../../http/parameters.ts'
import { pageParameters, readCursor } from '../page.ts'
import type { ReadParts } from '../read-parts.ts'
import { listDatasets } from './dataset-statements.ts'
import { readVersionPage } from './dataset-versions.ts'
import { requireThere } from './find-thing.ts'
import { readNamed } from './named-page.ts'
import { question } from '../question.ts'
import { readWholeDataset } from './read-dataset.ts'
import { scanPage } from './scan-page.ts'
import { readSchemaHistory } from './schema-history.ts'
import { nameOf, toNamed } from './shown-names.ts'
import { toShownMap } from './show-value.ts'
import { requireSeen } from './unknown-thing.ts'

const inPath = {
  namespace: requiredText('Namespace of the dataset, percent-encoded.'),
  name: requiredText('Name of the dataset, percent-encoded.'),
}

export function datasetEndpoints(parts: ReadParts): Endpoint[] {
  return [list(parts), one(parts), versions(parts), schemas(parts)]
}

/** GET /api/v2/datasets */
function list({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listDatasets',
      path: '/api/v2/datasets',
      tag: 'datasets',
      summary: 'Datasets by namespace and name',
      description: 'With `prefix` and without `namespace` they are sorted by name, then namespace.',
      inPath: {},
      inQuery: {
        namespace: text('Only of this namespace.'),
        prefix: text('Only those whose name begins so.'),
        ...pageParameters,
      },
      schema: 'DatasetPage',
    },
    async (asked) => {
      const { namespace, prefix = '', limit, cursor } = asked.query
      const wanted = { namespace, prefix, reader: asked.reader }
      const { page, ...rest } = await ask((tx) =>
        scanPage({
          limit,
          after: readCursor(cursor, 2),
          read: (after, rows) => readNamed(tx, listDatasets, { question: wanted, after, rows }),
          keeps: undefined,
          positionOf: ({ shown }) => Object.values(nameOf(toShownMap(shown))),
        }),
      )
      const datasets = page.map(({ shown }) => {
        const properties = toShownMap(shown)
        return { ...toNamed('dataset', nameOf(properties)), ...properties }
      })
      answerJson(asked, { datasets, ...rest })
    },
  )
}

/** GET /api/v2/datasets/:namespace/:name */
function one({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'getDataset',
      path: '/api/v2/datasets/:namespace/:name',
      tag: 'datasets',
      summary:
        'One dataset: properties, facets, columns, owners, tags, other names, newest versions, jobs around it',
      inPath,
      inQuery: {},
      schema: 'Dataset',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { path: dataset, reader } = asked
      requireSeen(reader, 'dataset', dataset)
      answerJson(asked, await ask((tx) => readWholeDataset(tx, { dataset, reader })))
    },
  )
}

/** GET /api/v2/datasets/:namespace/:name/versions */
function versions({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listDatasetVersions',
      path: '/api/v2/datasets/:namespace/:name/versions',
      tag: 'datasets',
      summary: 'Versions of a dataset, the newest first, with the runs that made them',
      inPath,
      inQuery: { to: pointInTime('Only versions written by then.'), ...pageParameters },
      schema: 'DatasetVersionPage',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { path: dataset, reader } = asked
      const { to, limit, cursor } = asked.query
      requireSeen(reader, 'dataset', dataset)
      const after = readCursor(cursor, 2)
      const { page, ...rest } = await ask(async (tx) => {
        const found = await readVersionPage(tx, { dataset, to, after, limit, reader })
        await requireThere(tx, { kind: 'dataset', ...dataset }, found.page)
        return found
      })
      answerJson(asked, { versions: page, ...rest })
    },
  )
}

/** GET /api/v2/datasets/:namespace/:name/schemas */
function schemas({ ask }: ReadParts): Endpoint {
  return question(
    {
      id: 'listDatasetSchemas',
      path: '/api/v2/datasets/:namespace/:name/schemas',
      tag: 'datasets',
      summary: 'Schemas of a dataset, the newest first: when each held, and what differs from the one before',
      inPath,
      inQuery: pageParameters,
      schema: 'SchemaPage',
      problems: ['node-unknown'],
    },
    async (asked) => {
      const { path: dataset, reader } = asked
      const { limit, cursor } = asked.query
      requireSeen(reader, 'dataset', dataset)
      const after = readCursor(cursor, 3)
      const { page, ...rest } = await ask(async (tx) => {
        const found = await readSchemaHistory(tx, { dataset, after, limit })
        await requireThere(tx, { kind: 'dataset', ...dataset }, found.page)
        return found
      })
      answerJson(asked, { schemas: page, ...rest })
    },
  )
}
