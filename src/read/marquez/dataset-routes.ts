import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText } from '../../http/parameters.ts'
import type { ReadParts } from '../read-parts.ts'
import { toCounted, toTotal } from './bounded-total.ts'
import {
  countDatasetsStatement,
  countVersionsStatement,
  listDatasetsStatement,
  listVersionsStatement,
} from './dataset-statements.ts'
import { readVersions } from './dataset-version.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { offsetPage } from './marquez-parameters.ts'
import { fromUuid } from './marquez-values.ts'
import { readDatasets, readShortDatasets } from './read-datasets.ts'
import { datasetText, inNamespace, ofDataset, unknown } from './things.ts'

export function datasetEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  return [listDatasets({ ask }), getDataset({ ask }), listVersions({ ask }), getVersion({ ask })]
}

function listDatasets({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezListDatasets',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/datasets',
      summary: 'Datasets of a namespace, by name',
      inPath: inNamespace,
      inQuery: offsetPage,
      gives: 'MarquezDatasets',
    },
    async (asked) => {
      const {
        path: { namespace },
        query,
        reader,
      } = asked
      if (!reader.sees(namespace)) {
        answerJson(asked, { datasets: [], totalCount: 0 })
        return
      }
      answerJson(
        asked,
        await ask(async (tx) => {
          const rows = await tx.run(listDatasetsStatement, { namespace, ...query })
          const names = rows.map(({ name }) => ({ namespace, name: String(name) }))
          const total = await tx.run(countDatasetsStatement, { namespace, counted: toCounted(query) })
          return {
            datasets: await readDatasets(tx, names, { reader, hides: true }),
            totalCount: toTotal(total),
          }
        }),
      )
    },
  )
}

function getDataset({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezGetDataset',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/datasets/:dataset',
      summary: 'A dataset',
      inPath: ofDataset,
      inQuery: {},
      gives: 'MarquezDataset',
    },
    async (asked) => {
      const name = { namespace: asked.path.namespace, name: asked.path.dataset }
      const [dataset] = await ask((tx) => readDatasets(tx, [name], { reader: asked.reader, hides: false }))
      if (dataset === undefined) throw unknown(datasetText(name))
      answerJson(asked, dataset)
    },
  )
}

function listVersions({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  return marquezEndpoint(
    {
      id: 'marquezListDatasetVersions',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/datasets/:dataset/versions',
      summary: 'Versions of a dataset, the newest first',
      inPath: ofDataset,
      inQuery: offsetPage,
      gives: 'MarquezDatasetVersions',
    },
    async (asked) => {
      const { query, reader } = asked
      const name = { namespace: asked.path.namespace, name: asked.path.dataset }
      answerJson(
        asked,
        await ask(async (tx) => {
          const [dataset] = await readShortDatasets(tx, [name], { reader, hides: false })
          if (dataset === undefined) throw unknown(datasetText(name))
          const keys = (await tx.run(listVersionsStatement, { ...name, ...query })).map(({ key }) =>
            String(key),
          )
          const total = await tx.run(countVersionsStatement, { ...name, counted: toCounted(query) })
          return {
            versions: await readVersions(tx, keys, { dataset, name, reader }),
            totalCount: toTotal(total),
          }
        }),
      )
    },
  )
}

function getVersion({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  const inPath = { ...ofDataset, version: requiredText('The version, a UUID.') }
  return marquezEndpoint(
    {
      id: 'marquezGetDatasetVersion',
      method: 'get',
      path: '/api/v1/namespaces/:namespace/datasets/:dataset/versions/:version',
      summary: 'One version of a dataset',
      inPath,
      inQuery: {},
      gives: 'MarquezDatasetVersion',
    },
    async (asked) => {
      const { reader } = asked
      const name = { namespace: asked.path.namespace, name: asked.path.dataset }
      const key = fromUuid(asked.path.version)
      answerJson(
        asked,
        await ask(async (tx) => {
          const [dataset] = await readShortDatasets(tx, [name], { reader, hides: false })
          const [version] =
            dataset === undefined ? [] : await readVersions(tx, [key], { dataset, name, reader })
          if (version === undefined)
            throw unknown(`${datasetText(name)} in the version ${asked.path.version}`)
          return version
        }),
      )
    },
  )
}
