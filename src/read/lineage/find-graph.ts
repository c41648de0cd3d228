import type { GraphTransaction } from '../../graph/connection.ts'
import type { Flow } from './flow.ts'
import type { FlowSteps } from './flow-steps.ts'
import type { Held } from './held-structures.ts'
import { lookAhead } from './look-ahead.ts'
import { prepareWalk, type PreparedWalk } from './prepare-walk.ts'
import type { Granularity, LineageQuestion } from './question.ts'
import { readDetails, type NodeDetails } from './read-details.ts'
import type { Seeds } from './seeds.ts'
import { followAll, walk, type Steps, type Walk, type Way } from './walk.ts'

/** What walks have found, before anything of it is folded or left out. */
export interface LineageGraph extends Pick<
  PreparedWalk,
  'roots' | 'granularity' | 'seeds' | 'datasetNamespaces'
> {
  /** What held in the span that is asked for; undefined for now. */
  held: Held | undefined
  walks: { ways: readonly Way[]; walk: Walk }[]
  details: Map<string, NodeDetails>
  flows: Flow[]
  /** Whether there are more edges than an answer holds. */
  isCut: boolean
}

/** So many steps from dataset to job or back make one from job to job. */
const stepsOfJobs = 2

/**
 * Walks from what is asked for; then reads the details of what it found, and the edges between.
 * @throws {Problem} `node-unknown`, `request-invalid`
 */
export async function findGraph(tx: GraphTransaction, question: LineageQuestion): Promise<LineageGraph> {
  const { order, steps: plainSteps, ...prepared } = await prepareWalk(tx, question)
  const depth = isBetweenJobs(prepared.granularity) ? question.depth * stepsOfJobs : question.depth
  const { seeds } = prepared
  const ahead = { seeds, walks: walksOf(question), depth, walked: order.kind, nodesMax: question.nodesMax }
  const steps = await lookAhead(tx, plainSteps, ahead)
  const walks = await walkAll(steps, { question, seeds, depth })
  await joinWalks(steps, walks)
  const elements = new Set(walks.flatMap((one) => [...one.walk.nodes.keys()]))
  const details = await readDetails(tx, [...elements])
  const flows = nearestFirst(flowsBetween(steps, elements), elements)
  return { ...prepared, held: order.held, walks, details, flows, isCut: steps.isFull() }
}

/** The walks that a direction asks for, by the ways that each goes at once. */
function walksOf({ direction }: Pick<LineageQuestion, 'direction'>): Way[][] {
  if (direction === 'either') return [['upstream', 'downstream']]
  return direction === 'both' ? [['upstream'], ['downstream']] : [[direction]]
}

/** What goes past the roots, from what lies above them to what lies below: no walk has come that way. */
async function joinWalks(steps: FlowSteps, walks: LineageGraph['walks']): Promise<void> {
  const [above, below] = walks
  if (above === undefined || below === undefined) return
  const nodes = [...above.walk.nodes.keys()].filter((node) => !below.walk.nodes.has(node))
  await followAll(steps, nodes, ['downstream'])
}

/** The flows that a walk has gone along, and those that join what it has found. */
export function flowsBetween({ flows }: FlowSteps, elements: { has(element: string): boolean }): Flow[] {
  return [...flows.values()].filter(({ from, to }) => elements.has(from) && elements.has(to))
}

/** In the order in which the walks came to them, whenever they were looked at. */
function nearestFirst(flows: readonly Flow[], elements: ReadonlySet<string>): Flow[] {
  const places = new Map([...elements].map((element, place) => [element, place]))
  const placeOf = ({ from, to }: Flow) => Math.min(places.get(from) ?? Infinity, places.get(to) ?? Infinity)
  return flows
    .map((flow) => ({ flow, place: placeOf(flow) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ flow }) => flow)
}

export function isBetweenJobs(granularity: Granularity): boolean {
  return granularity === 'job' || granularity === 'application'
}

/** The walks that a direction asks for; they share the number of nodes. */
export async function walkAll(
  steps: Steps,
  { question, seeds, depth }: { question: LineageQuestion; seeds: Seeds; depth: number },
): Promise<LineageGraph['walks']> {
  const walks: LineageGraph['walks'] = []
  let left = question.nodesMax
  for (const ways of walksOf(question)) {
    const roots = ways.flatMap((way) => seeds[way])
    const found = await walk(steps, { roots, ways, depth, nodesMax: left })
    walks.push({ ways, walk: found })
    // The roots are in both.
    left = Math.max(seeds.downstream.length, left - found.nodes.size + roots.length)
  }
  return walks
}
