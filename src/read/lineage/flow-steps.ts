import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Statement } from '../../graph/cypher.ts'
import { asText, asTexts } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import {
  followDatasetsStatement,
  followFieldsStatement,
  followJobsStatement,
  followNamesStatement,
} from './step-statements.ts'
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
}

const statements: Record<FlowKind, Statement> = {
  dataset: followDatasetsStatement,
  field: followFieldsStatement,
  flow: followJobsStatement,
}

/** Steps along the flows that hold now: the current ones, and those of jobs of which none is current yet. */
export function currentSteps(tx: GraphTransaction, order: FlowOrder): Steps {
  const parameters = toStepParameters(order)
  const run = async (statement: Statement, ids: readonly string[], ways: readonly Way[]) => {
    const rows = await tx.run(statement, { ...parameters, ids, ...toWayParameters(ways) })
    return rows.map(toNeighbours)
  }
  return {
    follow: (nodes, ways) => run(statements[order.kind], nodes, ways),
    names: (nodes, ways) => run(followNamesStatement, nodes, ways),
  }
}

export function toStepParameters({ filter, reader, fanOutMax }: Omit<FlowOrder, 'kind'>) {
  return {
    derivations: filter.derivations ?? null,
    jobNamespaces: filter.jobNamespaces ?? null,
    jobTypes: filter.jobTypes ?? null,
    isControl: filter.isControl ?? false,
    visible: reader.namespaces ?? null,
    fanOut: fanOutMax,
  }
}

export function toWayParameters(ways: readonly Way[]) {
  return { isDown: ways.includes('downstream'), isUp: ways.includes('upstream') }
}

export function toNeighbours(row: Row): Neighbours {
  return {
    from: asText(row['from']) ?? '',
    to: asTexts(row['to']),
    named: asTexts(row['named']),
    hidden: asTexts(row['hidden']),
    isCut: row['isCut'] === true,
  }
}
