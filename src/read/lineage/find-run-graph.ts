import type { GraphTransaction } from '../../graph/connection.ts'
import { Problem } from '../../http/problem.ts'
import { walkAll, type LineageGraph } from './find-graph.ts'
import { findNodes } from './find-nodes.ts'
import { toFanOut } from './prepare-walk.ts'
import type { LineageQuestion } from './question.ts'
import { readDetails } from './read-details.ts'
import type { Flow } from './flow.ts'
import { runSteps } from './run-steps.ts'

/**
 * Walks from run to run, by the versions of datasets that they produced and read: what really happened, which no time changes.
 * @throws {Problem} `request-invalid` where something else than a run is asked for
 */
export async function findRunGraph(tx: GraphTransaction, question: LineageQuestion): Promise<LineageGraph> {
  const { reader } = question
  const roots = await findNodes(tx, { ids: question.of, reader })
  if (roots.some(({ name }) => name.kind !== 'run'))
    throw new Problem('request-invalid', { detail: 'Lineage between runs begins at runs: of=run:<runId>.' })
  const seeds = {
    upstream: roots.map(({ element }) => element),
    downstream: roots.map(({ element }) => element),
  }
  const found = new Map<string, Flow>()
  const steps = runSteps(tx, { reader, fanOutMax: toFanOut(question), flows: found })
  const walks = await walkAll(steps, { question, seeds, depth: question.depth })
  const elements = new Set(walks.flatMap((one) => [...one.walk.nodes.keys()]))
  const details = await readDetails(tx, [...elements])
  const flows = [...found.values()].filter(({ from, to }) => elements.has(from) && elements.has(to))
  return {
    roots,
    granularity: 'run',
    seeds,
    walks,
    details,
    flows,
    isCut: false,
    datasetNamespaces: [],
    held: undefined,
  }
}
