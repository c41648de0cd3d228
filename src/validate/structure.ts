import { isJsonObject } from '../openlineage/json-object.ts'
import { pointerTo } from '../openlineage/json-pointer.ts'
import { isTooLong, NAME_BYTES_MAX } from '../openlineage/keys.ts'
import { toInstant } from '../openlineage/time.ts'
import { type Finding, findingsMax, toFinding, toSchemaFinding } from './finding.ts'
import type { Check, EventKind, SchemaCatalog } from './schema-catalog.ts'

/** Deeper values overflow the stack of whoever walks them. Real plans stay far below. */
export const nestingLevelsMax = 1000

/** By shape, not by schemaURL: old and made-up URLs are common. */
export function toEventKind(event: Record<string, unknown>): EventKind | undefined {
  if (event['run'] !== undefined) return 'RunEvent'
  if (event['job'] !== undefined) return 'JobEvent'
  if (event['dataset'] !== undefined) return 'DatasetEvent'
  return undefined
}

/**
 * What makes an event impossible to take. Facets are not looked into.
 * @returns at most `findingsMax` findings
 */
export function findProblems(
  event: Record<string, unknown>,
  { kind, catalog }: { kind: EventKind; catalog: SchemaCatalog },
): Finding[] {
  const problems = [
    ...findNesting(event),
    ...findMixedKinds(event, kind),
    // Items are checked one by one below, so that a million bad ones do not make a million errors.
    ...findErrors(
      { ...event, inputs: emptied(event['inputs']), outputs: emptied(event['outputs']) },
      '#',
      catalog.events[kind],
    ),
    ...findBadTime(event['eventTime']),
    ...['job', 'dataset'].flatMap((key) => findLongName(event[key], `#/${key}`)),
  ]
  if (kind !== 'DatasetEvent') {
    addItemProblems(problems, event['inputs'], { at: '#/inputs', check: catalog.inputDataset })
    addItemProblems(problems, event['outputs'], { at: '#/outputs', check: catalog.outputDataset })
  }
  return problems.slice(0, findingsMax)
}

function findNesting(event: Record<string, unknown>): Finding[] {
  return Object.entries(event)
    .filter(([, value]) => isDeeperThan(value, nestingLevelsMax - 1))
    .map(([key]) => toFinding(pointerTo('#', key), `is nested deeper than ${nestingLevelsMax} levels`))
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (Array.isArray(value)) return levels === 0 || value.some((item) => isDeeperThan(item, levels - 1))
  if (!isJsonObject(value)) return false
  if (levels === 0) return true
  // Not a list of its keys: all values of every event are walked here, and such lists were a quarter of what a receiver allocated.
  for (const key in value) if (isDeeperThan(value[key], levels - 1)) return true
  return false
}

function findMixedKinds(event: Record<string, unknown>, kind: EventKind): Finding[] {
  // Beside a run the standard has room for anything; without one it is both a JobEvent and a DatasetEvent, and so neither.
  const isMixed = kind === 'JobEvent' && event['dataset'] !== undefined
  return isMixed ? [toFinding('#/dataset', 'must not stand beside job')] : []
}

function findErrors(value: unknown, at: string, check: Check): Finding[] {
  return check(value).map((error) => toSchemaFinding(error, at))
}

function emptied(items: unknown): unknown {
  return Array.isArray(items) ? [] : items
}

function findBadTime(eventTime: unknown): Finding[] {
  const isBad = typeof eventTime === 'string' && toInstant(eventTime) === undefined
  return isBad ? [toFinding('#/eventTime', 'must be a date and time, such as 2026-01-31T08:00:00Z')] : []
}

function addItemProblems(
  problems: Finding[],
  items: unknown,
  { at, check }: { at: string; check: Check },
): void {
  if (!Array.isArray(items)) return
  for (const [index, item] of items.entries()) {
    if (problems.length >= findingsMax) return
    const itemAt = pointerTo(at, index)
    problems.push(...findErrors(item, itemAt, check), ...findLongName(item, itemAt))
  }
}

function findLongName(entity: unknown, at: string): Finding[] {
  if (!isJsonObject(entity)) return []
  const { namespace, name } = entity
  if (typeof namespace !== 'string' || typeof name !== 'string') return []
  return isTooLong({ namespace, name })
    ? [toFinding(`${at}/name`, `must not be longer than ${NAME_BYTES_MAX} bytes, its namespace included`)]
    : []
}
