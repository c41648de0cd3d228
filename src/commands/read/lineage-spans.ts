import { readPath, readText } from '../../openlineage/json-object.ts'
import type { Span } from '../look.ts'
import { toPrintable } from '../print.ts'
import { partsOfId, shortTime } from './answer-values.ts'

type Entry = Record<string, unknown>

/** A node in words: its name, its namespace, and what is unusual about it. */
export function toNodeSpans(id: string, node: Entry | undefined): Span[] {
  const { kind, name, namespace } = partsOfId(id)
  const droppedAt = shortTime(node?.['droppedAt'])
  const isTemporary = node?.['temporary'] === true
  return [
    { text: kind === 'run' ? toRunName(id, node) : name, style: 'bold' },
    ...(kind === 'dataset' || kind === 'field' ? [] : [{ text: ` ${kind}`, style: 'cyan' as const }]),
    ...(namespace === '' ? [] : [{ text: `  ${namespace}`, style: 'dim' as const }]),
    ...(droppedAt === undefined ? [] : [{ text: `  dropped ${droppedAt}`, style: 'red' as const }]),
    ...(isTemporary ? [{ text: '  temporary', style: 'dim' as const }] : []),
  ]
}

/** Why an edge, or several between the same two, are there. */
export function toEdgeSpans(edges: readonly Entry[]): Span[] {
  const whys = [...new Set(edges.map(toEdgeText).filter((text) => text !== ''))]
  const isPast = edges.length > 0 && edges.every(({ current }) => current === false)
  const lastSeen =
    edges
      .map(({ lastSeenAt }) => shortTime(lastSeenAt) ?? '')
      .toSorted()
      .at(-1) ?? ''
  return [
    ...(whys.length === 0 ? [] : [{ text: `  ${whys.join('; ')}`, style: 'dim' as const }]),
    ...(isPast ? [{ text: `  no longer, last ${lastSeen}`.trimEnd(), style: 'yellow' as const }] : []),
  ]
}

/** `COLUMN by load_orders`, `DIRECT AGGREGATION masked by load_orders`, `SAME_AS`. */
export function toEdgeText(edge: Entry): string {
  const kind = readText(edge, ['kind'])
  const how = [
    kind === 'FEEDS' ? undefined : kind,
    readText(edge, ['type']) ?? readText(edge, ['derivation']),
    readText(edge, ['subtype']),
    edge['masking'] === true ? 'masked' : undefined,
  ].filter((word) => word !== undefined)
  const job = edge['job']
  const by = typeof job === 'string' ? [`by ${partsOfId(job).name}`] : []
  const via = readPath(edge, ['via'])
  const over = Array.isArray(via) ? [`over ${via.map((id) => partsOfId(id).name).join(', ')}`] : []
  return toPrintable([...how, ...by, ...over].join(' '))
}

const runIdShown = 8

/** `load_orders 2026-11-22 10:00:00 FAIL 0193…`: a run alone is a number to people. */
function toRunName(id: string, node: Entry | undefined): string {
  const { name: runId } = partsOfId(id)
  const job = readText(node, ['job']) ?? readText(node, ['job', 'id'])
  const words = [
    job === undefined ? readText(node, ['name']) : partsOfId(job).name,
    shortTime(node?.['startedAt']),
    readText(node, ['state']),
    runId.slice(0, runIdShown),
  ].filter((word) => word !== undefined)
  return toPrintable(words.join(' '))
}
