import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText } from '../../http/parameters.ts'
import type { ReadParts } from '../read-parts.ts'
import { toColumnGraph } from './column-graph.ts'
import { findNamed } from './find-named.ts'
import { toLineageGraph } from './lineage-graph.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { number, yesOrNo } from './marquez-parameters.ts'
import { toRunLineage } from './run-lineage.ts'
import { unknown } from './things.ts'
import { walkColumns } from './walk-columns.ts'
import { walkJobs } from './walk-jobs.ts'

const depthMax = 100
const depthDefault = 20

const depth = number('Jobs on the way at most; a negative one counts as 0.', {
  max: depthMax,
  default: depthDefault,
})

export function lineageEndpoints({ ask }: Pick<ReadParts, 'ask'>): Endpoint[] {
  return [getLineage({ ask }), getColumnLineage({ ask }), getRunLineage({ ask })]
}

function getLineage({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  const nodeId = requiredText('`dataset:<namespace>:<name>` or `job:<namespace>:<name>`.')
  return marquezEndpoint(
    {
      id: 'marquezGetLineage',
      method: 'get',
      path: '/api/v1/lineage',
      summary: 'Everything upstream and downstream of a dataset or job',
      inPath: {},
      inQuery: { nodeId, depth },
      gives: 'MarquezLineage',
    },
    async (asked) => {
      const { reader, query } = asked
      answerJson(
        asked,
        await ask(async (tx) => {
          const { name, element: root } = await findNamed(tx, { nodeId: query.nodeId, reader })
          if (name.kind === 'field') throw unknown(`The dataset or job ${JSON.stringify(query.nodeId)}`)
          const walks = await walkJobs(tx, { root, isJob: name.kind === 'job', hops: query.depth, reader })
          return await toLineageGraph(tx, { walks, root, reader })
        }),
      )
    },
  )
}

function getColumnLineage({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  const nodeId = requiredText('`dataset:`, `datasetField:` or `job:`, and the names.')
  const withDownstream = yesOrNo('What is made of the columns too.')
  return marquezEndpoint(
    {
      id: 'marquezGetColumnLineage',
      method: 'get',
      path: '/api/v1/column-lineage',
      summary: 'What columns are made of',
      inPath: {},
      inQuery: { nodeId, depth, withDownstream },
      gives: 'MarquezColumnLineage',
    },
    async (asked) => {
      const { reader, query } = asked
      answerJson(
        asked,
        await ask(async (tx) => {
          const { name, element } = await findNamed(tx, { nodeId: query.nodeId, reader })
          const walked = await walkColumns(tx, {
            name,
            element,
            depth: query.depth,
            withDownstream: query.withDownstream,
            reader,
          })
          return await toColumnGraph(tx, { ...walked, reader })
        }),
      )
    },
  )
}

function getRunLineage({ ask }: Pick<ReadParts, 'ask'>): Endpoint {
  const runId = requiredText('The id of the run.')
  return marquezEndpoint(
    {
      id: 'marquezGetRunLineage',
      method: 'get',
      path: '/api/v1/runlineage/upstream',
      summary: 'The runs that made what a run read, back to the sources',
      inPath: {},
      inQuery: { runId, depth },
      gives: 'MarquezRunLineage',
    },
    async (asked) => {
      const { reader, query } = asked
      const found = await ask((tx) =>
        toRunLineage(tx, { runId: query.runId.toLowerCase(), depth: query.depth, reader }),
      )
      if (found === undefined) throw unknown(`The run ${JSON.stringify(query.runId)}`)
      answerJson(asked, found)
    },
  )
}
