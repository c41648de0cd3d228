import type { GraphTransaction } from '../../graph/connection.ts'
import type { Statement } from '../../graph/cypher.ts'
import type { Reader } from '../../http/access.ts'
import { walk, type Steps, type Way } from '../lineage/walk.ts'
import type { NodeName } from '../node-id.ts'
import {
  fieldsOfDatasetStatement,
  fieldsOfJobStatement,
  stepColumnsDownstreamStatement,
  stepColumnsUpstreamStatement,
} from './column-statements.ts'
import { fanMax, toNeighbours } from './walk-jobs.ts'

/** Columns that one walk begins at, and those of one graph. */
const rootsMax = 2000
const nodesMax = 10_000

export interface ColumnWalk {
  /** Columns in the order in which they were reached. */
  nodes: string[]
  hidden: number
  isCut: boolean
}

/** What columns are made of, and where asked for what is made of them. */
export async function walkColumns(
  tx: GraphTransaction,
  asked: {
    name: Exclude<NodeName, { kind: 'run' }>
    element: string
    depth: number
    withDownstream: boolean
    reader: Reader
  },
): Promise<ColumnWalk> {
  const { depth, withDownstream, reader } = asked
  const roots = await findRoots(tx, asked)
  const go = async (way: Way) => {
    const follow: Steps['follow'] = async (nodes) =>
      toNeighbours(await tx.run(statements[way], { nodes, fan: fanMax + 1 }), reader)
    return await walk({ follow }, { roots, ways: [way], depth, nodesMax })
  }
  const walks = [await go('upstream'), ...(withDownstream ? [await go('downstream')] : [])]
  return {
    nodes: [...new Set(walks.flatMap(({ nodes }) => [...nodes.keys()]))],
    hidden: new Set(walks.flatMap(({ hidden }) => [...hidden])).size,
    isCut: walks.some(({ isFull, goesOn, cut }) => isFull || goesOn || cut.size > 0),
  }
}

const statements: Readonly<Record<Way, Statement>> = {
  upstream: stepColumnsUpstreamStatement,
  downstream: stepColumnsDownstreamStatement,
}

async function findRoots(
  tx: GraphTransaction,
  { name, element }: { name: Exclude<NodeName, { kind: 'run' }>; element: string },
): Promise<string[]> {
  if (name.kind === 'field') return [element]
  const rows =
    name.kind === 'dataset'
      ? await tx.run(fieldsOfDatasetStatement, { element, fields: rootsMax })
      : await tx.run(fieldsOfJobStatement, { namespace: name.namespace, name: name.name, fields: rootsMax })
  return rows.map((row) => String(row['element']))
}
