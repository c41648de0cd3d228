import { isJsonObject, readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { Look, Span } from '../look.ts'
import { nameOfId, toHiddenHint } from './answer-values.ts'
import type { Shown } from './asking.ts'
import { toEdgeSpans, toNodeSpans } from './lineage-spans.ts'
import { toTree, type TreeGraph } from './tree.ts'

type Entry = Record<string, unknown>
type Direction = 'upstream' | 'downstream'

/** The answer of GET /api/v2/lineage: from each root a tree towards its sources, and one towards its consumers. */
export function describeLineage(answer: unknown, look: Look): Shown {
  const roots = readPath(answer, ['roots'])
  const said = readText(answer, ['direction'])
  const directions = (['upstream', 'downstream'] as const).filter((one) => said === one || said === 'both')
  const graphs = new Map(directions.map((direction) => [direction, toGraph(answer, direction)]))
  const parts: string[] = []
  let hasRepeated = false
  for (const root of Array.isArray(roots) ? roots.map(String) : []) {
    for (const [direction, graph] of graphs) {
      const tree = toTree(root, graph, look)
      hasRepeated ||= tree.hasRepeated
      const [first = '', ...rest] = tree.lines
      const isEmpty = rest.length === 0
      parts.push(
        [`${first}  ${look.paint('cyan', isEmpty ? `nothing ${direction}` : direction)}`, ...rest].join('\n'),
      )
    }
  }
  return {
    result: parts.join('\n\n'),
    hints: [...toCount(answer), ...(hasRepeated ? ['* unfolded elsewhere.'] : []), ...toCutHints(answer)],
  }
}

function toGraph(answer: unknown, direction: Direction): TreeGraph {
  const fanOut = toTexts(readPath(answer, ['truncated', 'fanOut']))
  const nodes = new Map(readObjects(answer, 'nodes').map((node) => [String(node['id']), node]))
  const edges = new Map<string, Map<string, Entry[]>>()
  const [near, far] = direction === 'upstream' ? ['to', 'from'] : ['from', 'to']
  for (const edge of readObjects(answer, 'edges')) {
    const [at, other] = [String(edge[near]), String(edge[far])]
    const ofNode = edges.get(at) ?? new Map<string, Entry[]>()
    edges.set(at, ofNode.set(other, [...(ofNode.get(other) ?? []), edge]))
  }
  return {
    childrenOf: (id) =>
      [...(edges.get(id) ?? [])]
        .map(([child, between]) => ({ id: child, why: toEdgeSpans(between) }))
        .toSorted((a, b) => compare(nameOfId(a.id), nameOfId(b.id))),
    spansOf: (id) => [...toNodeSpans(id, nodes.get(id)), ...(fanOut.includes(id) ? [tooMany] : [])],
  }
}

const tooMany: Span = { text: '  … more neighbours than are shown', style: 'yellow' }

function toCount(answer: unknown): string[] {
  const [nodes, edges] = [readObjects(answer, 'nodes').length, readObjects(answer, 'edges').length]
  return [`${nodes.toLocaleString('en-US')} nodes, ${edges.toLocaleString('en-US')} edges.`]
}

/** What a walk left out, and how to get it. */
function toCutHints(answer: unknown): string[] {
  const truncated = readPath(answer, ['truncated'])
  const { nodes, depth } = isJsonObject(truncated) ? truncated : {}
  return [
    ...(nodes === true ? ['There are more nodes than --limit allows: the farthest are left out.'] : []),
    ...(depth === true ? [`It goes on beyond depth ${String(readPath(answer, ['depth']))}: --depth.`] : []),
    ...toTexts(readPath(truncated, ['fanOut'])).map(
      (id) => `Not all neighbours of ${nameOfId(id)} are shown.`,
    ),
    ...toHiddenHint(answer),
  ]
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
