import { isJsonObject, readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { Look, Span } from '../look.ts'
import { nameOfId, toHiddenHint } from './answer-values.ts'
import type { Shown } from './asking.ts'
import { toLineageGraph, type LineageWay } from './lineage-graph.ts'
import { toEdgeSpans, toNodeSpans } from './lineage-spans.ts'
import { toTree, type TreeGraph } from './tree.ts'

const titles: Readonly<Record<LineageWay, string>> = {
  upstream: 'upstream',
  downstream: 'downstream',
  either: 'joined with it',
}
const waysOf: Readonly<Record<string, readonly LineageWay[]>> = { both: ['upstream', 'downstream'] }

/** The answer of GET /api/v2/lineage: from each root a tree towards its sources, and one towards its consumers. */
export function describeLineage(answer: unknown, look: Look): Shown {
  const said = readText(answer, ['direction']) ?? ''
  const ways = waysOf[said] ?? (['upstream', 'downstream', 'either'] as const).filter((way) => way === said)
  const graphs = new Map(ways.map((way) => [way, toTreeGraph(answer, way)]))
  const parts: string[] = []
  let hasRepeated = false
  for (const root of toTexts(readPath(answer, ['roots']))) {
    for (const [way, graph] of graphs) {
      const tree = toTree(root, graph, look)
      hasRepeated ||= tree.hasRepeated
      const [first = '', ...rest] = tree.lines
      const title = look.paint('cyan', rest.length === 0 ? `nothing ${titles[way]}` : titles[way])
      parts.push([`${first}  ${title}`, ...rest].join('\n'))
    }
  }
  return {
    result: parts.join('\n\n'),
    hints: [...toCount(answer), ...(hasRepeated ? ['* unfolded elsewhere.'] : []), ...toCutHints(answer)],
  }
}

function toTreeGraph(answer: unknown, way: LineageWay): TreeGraph {
  const fanOut = toTexts(readPath(answer, ['truncated', 'fanOut']))
  const graph = toLineageGraph(answer, way)
  return {
    childrenOf: (id) =>
      graph.neighboursOf(id).map(({ id: child, edges, mark, isTwoWay }) => ({
        id: child,
        isTwoWay,
        why: [...(mark === '' ? [] : [{ text: `  ${mark}` }]), ...toEdgeSpans(edges)],
      })),
    spansOf: (id) => [...toNodeSpans(id, graph.nodes.get(id)), ...(fanOut.includes(id) ? [tooMany] : [])],
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
  const { nodes, depth, edges } = isJsonObject(truncated) ? truncated : {}
  return [
    ...(nodes === true ? ['There are more nodes than --limit allows: the farthest are left out.'] : []),
    ...(edges === true ? ['There are more edges than are answered.'] : []),
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
