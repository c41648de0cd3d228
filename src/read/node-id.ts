import type { EntityName } from '../openlineage/keys.ts'

/** A thing that lineage can begin at or lead to. */
export type NodeName =
  | ({ kind: 'dataset' } & EntityName)
  | ({ kind: 'job' } & EntityName)
  | ({ kind: 'field'; field: string } & EntityName)
  | { kind: 'run'; runId: string }

/**
 * The one string that stands for a thing in our API: `dataset:s3%3A//bucket:raw.csv`, `job:airflow:dag.task`,
 * `field:postgres%3A//h%3A5432:public.t:id`, `run:<runId>`. Colons and percent signs of its parts are escaped, nothing else, so that it
 * can be read, and taken apart in one way only.
 */
export function toNodeId(node: NodeName): string {
  if (node.kind === 'run') return `run:${node.runId}`
  const parts = [node.namespace, node.name, ...(node.kind === 'field' ? [node.field] : [])]
  return [node.kind, ...parts.map(escapePart)].join(':')
}

/**
 * Every thing that an id may mean: one where its colons are escaped; where people wrote them plainly, as Marquez does, each way to take
 * it apart, and the graph tells which of them there is.
 */
export function readNodeId(id: string): NodeName[] {
  const [kind = '', ...parts] = id.split(':')
  if (kind === 'run') return parts.length === 1 && parts[0] ? [{ kind, runId: parts[0].toLowerCase() }] : []
  if (kind === 'dataset' || kind === 'job') {
    return splits(parts, 2).flatMap(([namespace = '', name = '']) =>
      namespace === '' || name === '' ? [] : [{ kind, namespace, name }],
    )
  }
  if (kind === 'field' || kind === 'datasetField') {
    return splits(parts, 3).flatMap(([namespace = '', name = '', field = '']) =>
      [namespace, name, field].includes('') ? [] : [{ kind: 'field' as const, namespace, name, field }],
    )
  }
  return []
}

/** Ways at most: a name of a hundred colons is no name. */
const waysMax = 200

/** Each way to join neighbours until so many parts are left. */
function splits(parts: readonly string[], count: number): string[][] {
  if (count === 1) return [[unescapePart(parts.join(':'))]]
  const ways: string[][] = []
  for (let end = 1; end <= parts.length - count + 1; end += 1) {
    const head = unescapePart(parts.slice(0, end).join(':'))
    for (const rest of splits(parts.slice(end), count - 1)) {
      if (ways.length < waysMax) ways.push([head, ...rest])
    }
  }
  return ways
}

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A')
}

/** What is no escape stands for itself. */
function unescapePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
