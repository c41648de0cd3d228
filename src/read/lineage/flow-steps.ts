import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { isNaming, toFlow, type Flow } from './flow.ts'
import type { Held } from './held-structures.ts'
import { followBothStatement, followStatement } from './step-statements.ts'
import type { Neighbours, Steps, Way } from './walk.ts'

/** What a walk goes along: flows between datasets, between columns, or what jobs read and write, dataset and job in turn. */
export type FlowKind = 'dataset' | 'field' | 'flow'

/** Which flows count. Undefined: all. */
export interface FlowFilter {
  derivations?: readonly string[] | undefined
  jobNamespaces?: readonly string[] | undefined
  /** In upper case. */
  jobTypes?: readonly string[] | undefined
  /** Whether control flow between jobs counts, beside data flow; in `flow` only. */
  isControl?: boolean
}

export interface FlowOrder {
  kind: FlowKind
  filter: FlowFilter
  reader: Reader
  /** Most neighbours of one node. */
  fanOutMax: number
  /** What held in the span of time that is asked for; undefined for now: the current flows, and those of jobs of which none is current yet. */
  held: Held | undefined
}

/** Steps that keep each flow they have gone along, or that joins what they have found. */
export interface FlowSteps extends Steps {
  flows: ReadonlyMap<string, Flow>
  /** Whether there were more flows than are kept. */
  isFull(): boolean
}

/** Edges that are looked at for each neighbour that a fan-out may have: several jobs may join the same two things. */
const flowsOfNeighbour = 2
/** The same in a span of time: not all of them held in it. */
const flowsOfNeighbourInTime = 5
/** Most edges of an answer. */
const flowsMax = 50_000

export function flowSteps(tx: GraphTransaction, order: FlowOrder): FlowSteps {
  const flows = new Map<string, Flow>()
  let isFull = false
  const keep = (id: string, flow: Flow) => {
    if (flows.size < flowsMax) flows.set(id, flow)
    else isFull ||= !flows.has(id)
  }
  const parameters = toParameters(order)
  const follow = async (nodes: readonly string[], ways: readonly Way[]): Promise<Neighbours[]> => {
    const statement = ways.length > 1 ? followBothStatement : followStatement
    const rows = await tx.run(statement, { ...parameters, ids: nodes, ...toWayParameters(ways) })
    const around = rows.map(toAround)
    await order.held?.learn(around.flatMap(({ ends }) => ends.flatMap(({ flow }) => flow ?? [])))
    return around.map((one) => toNeighbours(one, { order, flowsOfNode: parameters.flowsOfNode, keep }))
  }
  return { follow, flows, isFull: () => isFull }
}

function toParameters({ kind, filter, reader, fanOutMax, held }: FlowOrder) {
  return {
    walked: kind,
    derivations: filter.derivations ?? null,
    jobNamespaces: filter.jobNamespaces ?? null,
    jobTypes: filter.jobTypes ?? null,
    isControl: filter.isControl ?? false,
    visible: reader.namespaces ?? null,
    isInTime: held !== undefined,
    flowsOfNode: fanOutMax * (held === undefined ? flowsOfNeighbour : flowsOfNeighbourInTime),
  }
}

export function toWayParameters(ways: readonly Way[]) {
  return { isDown: ways.includes('downstream'), isUp: ways.includes('upstream') }
}

/** The other end of an edge. */
interface End {
  far: string
  isSeen: boolean
  isNaming: boolean
  /** Elements are as good as ids within one transaction. */
  id: string
  /** Undefined where the other end tells of it. */
  flow: Flow | undefined
}

interface Around {
  near: string
  ends: End[]
}

function toAround(row: Row): Around {
  const near = asText(row['near']) ?? ''
  const found = Array.isArray(row['found']) ? row['found'].filter(Array.isArray) : []
  return { near, ends: found.map((list) => toEnd(near, list)) }
}

/** Where the list of an edge has what. Behind `kind` there is nothing where the other end tells of it. */
const at = {
  far: 0,
  isSeen: 1,
  kind: 2,
  id: 3,
  isStart: 4,
  key: 5,
  jobNamespace: 6,
  jobName: 7,
  derivation: 8,
  current: 9,
  type: 10,
  subtype: 11,
  masking: 12,
  description: 13,
  source: 14,
  firstSeenAt: 15,
  lastSeenAt: 16,
  sides: 17,
} as const

function toEnd(near: string, list: readonly unknown[]): End {
  const far = asText(list[at.far]) ?? ''
  const kind = asText(list[at.kind]) ?? ''
  const id = asText(list[at.id])
  const isSeen = list[at.isSeen] === true
  const isName = isNaming({ kind })
  if (id === undefined) return { far, isSeen, isNaming: isName, id: '', flow: undefined }
  const isStart = list[at.isStart] === true
  const flow = toFlow({
    from: isStart ? near : far,
    to: isStart ? far : near,
    kind,
    key: list[at.key],
    jobNamespace: list[at.jobNamespace],
    jobName: list[at.jobName],
    derivation: list[at.derivation],
    current: list[at.current],
    type: list[at.type],
    subtype: list[at.subtype],
    masking: list[at.masking],
    description: list[at.description],
    source: list[at.source],
    firstSeenAt: list[at.firstSeenAt],
    lastSeenAt: list[at.lastSeenAt],
    sides: list[at.sides],
  })
  return { far, isSeen, isNaming: isName, id, flow }
}

function toNeighbours(
  { near, ends }: Around,
  {
    order,
    flowsOfNode,
    keep,
  }: {
    order: FlowOrder
    flowsOfNode: number
    keep: (id: string, flow: Flow) => void
  },
): Neighbours {
  const { held, fanOutMax } = order
  const admitted =
    held === undefined
      ? ends
      : ends.filter(({ isNaming: isName, flow }) => isName || (flow !== undefined && held.admits(flow)))
  const [to, names, hidden] = [new Set<string>(), new Set<string>(), new Set<string>()]
  let isCut = ends.length > flowsOfNode
  for (const { far, isSeen, isNaming: isName, id, flow } of admitted) {
    const reached = isName ? names : to
    if (!isSeen) hidden.add(far)
    else if (reached.size >= fanOutMax && !reached.has(far)) isCut = true
    else {
      reached.add(far)
      if (flow !== undefined) keep(id, flow)
    }
  }
  return { from: near, to: [...to], names: [...names], hidden: [...hidden], isCut }
}
