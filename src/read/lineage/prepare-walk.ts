import type { GraphTransaction } from '../../graph/connection.ts'
import { findNodes, type FoundNode } from './find-nodes.ts'
import { flowSteps, type FlowKind, type FlowOrder, type FlowSteps } from './flow-steps.ts'
import { createHeld } from './held-structures.ts'
import type { Granularity, LineageQuestion } from './question.ts'
import { findSeeds, type Seeds } from './seeds.ts'
import { splitNamespaces } from './split-namespaces.ts'

/** All that a walk needs to begin. */
export interface PreparedWalk {
  roots: FoundNode[]
  granularity: Granularity
  seeds: Seeds
  order: FlowOrder
  steps: FlowSteps
  /** Namespaces that datasets are to be of; empty where they may be of any. */
  datasetNamespaces: readonly string[]
}

/**
 * Finds what a question begins at, and by what its walk goes.
 * @throws {Problem} `node-unknown`, `request-invalid`
 */
export async function prepareWalk(tx: GraphTransaction, question: LineageQuestion): Promise<PreparedWalk> {
  const { reader } = question
  const roots = await findNodes(tx, { ids: question.of, reader })
  const granularity = question.granularity ?? roots[0]?.name.kind ?? 'dataset'
  const kind = toFlowKind(granularity)
  const seeds = await findSeeds(tx, { roots, kind, reader, isRolledUp: granularity === 'application' })
  const split = await splitNamespaces(tx, question.namespaces)
  const order: FlowOrder = {
    kind,
    reader,
    fanOutMax: toFanOut(question),
    held: question.span === undefined ? undefined : createHeld(tx, question.span),
    filter: {
      derivations: orUndefined(question.derivations),
      jobNamespaces: orUndefined(split.ofJobs),
      jobTypes: orUndefined(question.jobTypes.map((type) => type.toUpperCase())),
      isControl: question.isControl && kind === 'flow',
    },
  }
  const steps = flowSteps(tx, order)
  return { roots, granularity, seeds, order, steps, datasetNamespaces: split.ofDatasets }
}

/** Most neighbours of one node: a hub may take half of an answer. */
export function toFanOut({ nodesMax }: LineageQuestion): number {
  return Math.max(1, Math.ceil(nodesMax / 2))
}

function toFlowKind(granularity: Granularity): FlowKind {
  return granularity === 'dataset' || granularity === 'field' ? granularity : 'flow'
}

function orUndefined(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values
}
