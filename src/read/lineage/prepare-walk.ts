import type { GraphTransaction } from '../../graph/connection.ts'
import { findNodes, type FoundNode } from './find-nodes.ts'
import { currentSteps, type FlowKind, type FlowOrder } from './flow-steps.ts'
import { createHeld, type Held } from './held-structures.ts'
import type { Granularity, LineageQuestion } from './question.ts'
import { findSeeds, type Seeds } from './seeds.ts'
import { splitNamespaces } from './split-namespaces.ts'
import { timedSteps } from './timed-steps.ts'
import type { Steps } from './walk.ts'

/** All that a walk needs to begin. */
export interface PreparedWalk {
  roots: FoundNode[]
  granularity: Granularity
  seeds: Seeds
  order: FlowOrder
  steps: Steps
  /** What held in the span that is asked for; undefined for now. */
  held: Held | undefined
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
    filter: {
      derivations: orUndefined(question.derivations),
      jobNamespaces: orUndefined(split.ofJobs),
      jobTypes: orUndefined(question.jobTypes.map((type) => type.toUpperCase())),
      isControl: question.isControl && kind === 'flow',
    },
  }
  const held = question.span === undefined ? undefined : createHeld(tx, question.span)
  const steps = held === undefined ? currentSteps(tx, order) : timedSteps(tx, { order, held })
  return { roots, granularity, seeds, order, steps, held, datasetNamespaces: split.ofDatasets }
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
