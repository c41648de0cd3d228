import type { GraphTransaction, Row } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { toEntityKey } from '../../openlineage/keys.ts'
import { newestVersionsStatement, readColumnsStatement } from './column-statements.ts'
import { textOrNull, toUuid } from './marquez-values.ts'
import { unknownVersion } from './read-runs.ts'
import { toTransformation } from './transformation.ts'
import type { ColumnWalk } from './walk-columns.ts'
import { fanMax } from './walk-jobs.ts'

interface ColumnNode {
  id: string
  type: 'DATASET_FIELD'
  data: Record<string, unknown>
  inEdges: { origin: string; destination: string }[]
  outEdges: { origin: string; destination: string }[]
}

/** The columns of a walk as Marquez shows them, sorted by id. An edge in is written backwards, as Marquez has it: from the column to its source. */
export async function toColumnGraph(
  tx: GraphTransaction,
  { nodes, hidden, isCut, reader }: ColumnWalk & { reader: Reader },
): Promise<{ graph: ColumnNode[]; hidden: number; isCut: boolean }> {
  const rows = nodes.length === 0 ? [] : await tx.run(readColumnsStatement, { nodes, fan: fanMax })
  const versions = await readNewestVersions(tx, rows)
  const shownAs = toShownNames(rows)
  const graph = new Map<string, ColumnNode>()
  for (const row of rows) {
    const shown = shownAs.get(String(row['element'])) ?? row
    const id = toId(shown)
    const node = graph.get(id) ?? toNode(id, { row: shown, version: versionOf(shown, versions) })
    graph.set(id, node)
    addInputs(node, { row, shownAs, versions, reader })
  }
  for (const node of graph.values()) joinInputs(node, graph)
  return { graph: [...graph.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)), hidden, isCut }
}

function toNode(id: string, { row, version }: { row: Record<string, unknown>; version: string }): ColumnNode {
  const data = {
    namespace: row['namespace'],
    dataset: row['dataset'],
    datasetVersion: version,
    field: row['field'],
    fieldType: textOrNull(row['type']) ?? '',
    transformationDescription: null,
    transformationType: null,
    inputFields: [],
  }
  return { id, type: 'DATASET_FIELD', data, inEdges: [], outEdges: [] }
}

function addInputs(
  node: ColumnNode,
  {
    row,
    shownAs,
    versions,
    reader,
  }: { row: Row; shownAs: Map<string, Row>; versions: Map<string, string>; reader: Reader },
): void {
  const inputs = Array.isArray(row['inputs']) ? row['inputs'].filter(Array.isArray) : []
  const found = inputs.flatMap((input: unknown[]) => {
    const [element, namespace, dataset, field, type, subtype, description] = input
    if (!reader.sees(String(namespace))) return []
    const shown = shownAs.get(String(element)) ?? { namespace, dataset, field }
    const said = { namespace: shown['namespace'], dataset: shown['dataset'], field: shown['field'] }
    return [
      {
        ...said,
        datasetVersion: versionOf(shown, versions),
        ...toTransformation({ type, subtype, description }),
      },
    ]
  })
  const before = Array.isArray(node.data['inputFields']) ? node.data['inputFields'] : []
  const inputFields: Record<string, unknown>[] = [...before, ...found].toSorted((a, b) =>
    toId(a) < toId(b) ? -1 : 1,
  )
  const [first] = inputFields
  node.data = {
    ...node.data,
    transformationDescription: first?.['transformationDescription'] ?? null,
    transformationType: first?.['transformationType'] ?? null,
    inputFields,
  }
}

function joinInputs(node: ColumnNode, graph: ReadonlyMap<string, ColumnNode>): void {
  const inputs: unknown[] = Array.isArray(node.data['inputFields']) ? node.data['inputFields'] : []
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made above
  const ids = new Set(inputs.map((input) => toId(input as Record<string, unknown>)))
  for (const id of ids) {
    const source = graph.get(id)
    if (source === undefined) continue
    node.inEdges.push({ origin: node.id, destination: id })
    source.outEdges.push({ origin: id, destination: node.id })
  }
}

/** A column of several names is one node, under the name that was reached first. */
function toShownNames(rows: readonly Row[]): Map<string, Row> {
  const byElement = new Map(rows.map((row) => [String(row['element']), row]))
  const shownAs = new Map<string, Row>()
  for (const row of rows) {
    const open = [String(row['element'])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const other = byElement.get(next)
      if (other === undefined || shownAs.has(next)) continue
      shownAs.set(next, row)
      if (Array.isArray(other['names'])) open.push(...other['names'].map(String))
    }
  }
  return shownAs
}

async function readNewestVersions(
  tx: GraphTransaction,
  columns: readonly Row[],
): Promise<Map<string, string>> {
  const named = columns.map((row) => ({ namespace: String(row['namespace']), name: String(row['dataset']) }))
  const rows = [...new Map(named.map((dataset) => [toEntityKey(dataset), dataset])).values()]
  if (rows.length === 0) return new Map()
  const found = await tx.run(newestVersionsStatement, { rows })
  return new Map(
    found.map((row) => [
      toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) }),
      String(row['key']),
    ]),
  )
}

function versionOf(column: Record<string, unknown>, versions: ReadonlyMap<string, string>): string {
  const dataset = { namespace: String(column['namespace']), name: String(column['dataset']) }
  const key = versions.get(toEntityKey(dataset))
  return key === undefined ? unknownVersion(dataset) : toUuid(key)
}

function toId({ namespace, dataset, field }: Record<string, unknown>): string {
  return `datasetField:${String(namespace)}:${String(dataset)}:${String(field)}`
}
