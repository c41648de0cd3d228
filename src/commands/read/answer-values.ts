import { readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import { readNodeId } from '../../read/node-id.ts'
import { toPrintable } from '../print.ts'

type Entry = Record<string, unknown>

/** A time as people read it, in UTC, to the second. */
export function shortTime(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 19).replace('T', ' ') : undefined
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** `250 ms`, `4.2 s`, `12m 30s`, `3h 05m`. */
export function shortDuration(ms: unknown): string | undefined {
  if (typeof ms !== 'number' || !Number.isFinite(ms)) return undefined
  if (ms < secondMs) return `${Math.round(ms)} ms`
  if (ms < minuteMs) return `${(ms / secondMs).toFixed(1)} s`
  const [big, small, unit] = ms < hourMs ? [minuteMs, secondMs, 'm s'] : [hourMs, minuteMs, 'h m']
  const [first = '', second = ''] = unit.split(' ')
  return `${Math.floor(ms / big)}${first} ${String(Math.floor((ms % big) / small)).padStart(2, '0')}${second}`
}

/** A number as a cell of a table. */
export function toAmount(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

/** `namespace/name` of what an id stands for; a column as `namespace/dataset.column`; what is no id as it is. */
export function nameOfId(id: unknown): string {
  const { name, namespace } = partsOfId(id)
  return namespace === '' ? name : `${namespace}/${name}`
}

/** The two parts of a name that stand apart in tables and trees. */
export function partsOfId(id: unknown): { kind: string; name: string; namespace: string } {
  const text = typeof id === 'string' ? id : ''
  const [node] = readNodeId(text)
  if (node === undefined) return { kind: text.split(':')[0] ?? '', name: toPrintable(text), namespace: '' }
  if (node.kind === 'run') return { kind: 'run', name: node.runId, namespace: '' }
  const name = node.kind === 'field' ? `${node.name}.${node.field}` : node.name
  return { kind: node.kind, name: toPrintable(name), namespace: toPrintable(node.namespace) }
}

/** `alice (owner), team-data`. */
export function ownersOf(entry: Entry): string | undefined {
  const owners = readObjects(entry, 'owners').map(({ name, type }) =>
    typeof type === 'string' && type !== '' ? `${String(name)} (${type})` : String(name),
  )
  return owners.length === 0 ? undefined : owners.join(', ')
}

/** `pii, tier=gold`: tags are texts, or keys with values. */
export function tagsOf(entry: Entry): string | undefined {
  const tags = readPath(entry, ['tags'])
  if (!Array.isArray(tags) || tags.length === 0) return undefined
  return tags.map(toTag).join(', ')
}

function toTag(tag: unknown): string {
  if (typeof tag === 'string') return tag
  const [key, value] = [readText(tag, ['key']), readText(tag, ['value'])]
  return value === undefined || value === 'true' ? (key ?? '') : `${key ?? ''}=${value}`
}

/** Words for what was left out because the key may not see it. */
export function toHiddenHint(answer: unknown): string[] {
  const hidden = readPath(answer, ['hidden'])
  if (hidden === true) return ['Some of it is left out: the key may not see its namespace.']
  if (typeof hidden !== 'number' || hidden === 0) return []
  return [`${hidden.toLocaleString('en-US')} left out: the key may not see their namespaces.`]
}

export function toNextHint(answer: unknown): string[] {
  const next = readText(answer, ['next'])
  return next === undefined ? [] : [`There is more: --cursor ${next}`]
}
