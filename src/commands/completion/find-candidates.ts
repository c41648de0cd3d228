import { isJsonObject, readObjects, readText } from '../../openlineage/json-object.ts'
import { readNodeId, toNodeId } from '../../read/node-id.ts'
import type { CollectorDoor } from '../collector-door.ts'

const kinds = ['dataset:', 'job:', 'field:', 'run:']
const candidatesMax = 50
const namespacesMax = 1000

/**
 * What the word of a node may become: part by part the ids that begin with it, or the one thing that a search finds for it. Several
 * things that merely look like it would take the word away from who types it.
 */
export async function findCandidates(word: string, door: CollectorDoor): Promise<string[]> {
  if (word.startsWith('-')) return []
  const beginning = kinds.filter((kind) => kind.startsWith(word))
  if (beginning.length > 0 && !kinds.includes(word)) return beginning
  const kind = kinds.find((one) => word.startsWith(one))
  if (kind === undefined) {
    const ids = idsOf(await ask(door, '/api/v2/search', { q: word, limit: candidatesMax }), 'results')
    return ids.length === 1 || ids.every((id) => id.startsWith(word)) ? ids : []
  }
  const ids = kind === 'run:' ? [] : await findNext(kind, word.slice(kind.length).split(':'), door)
  return ids.filter((id) => id.startsWith(word))
}

/** The next part of an id: its namespace, then its name, then its column. */
async function findNext(kind: string, parts: readonly string[], door: CollectorDoor): Promise<string[]> {
  const [namespace = '', name, column] = parts.map(unescape)
  if (name === undefined) {
    const answer = await ask(door, '/api/v2/namespaces', { limit: namespacesMax })
    const names = readObjects(answer, 'namespaces').flatMap((one) => readText(one, ['name']) ?? [])
    // With an empty name: what every id of this namespace begins with.
    return names.map((one) => kind + toNodeId({ kind: 'job', namespace: one, name: '' }).slice('job:'.length))
  }
  if (column !== undefined) {
    const path = `/api/v2/datasets/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`
    return idsOf(await ask(door, path, {}), 'fields')
  }
  const list = kind === 'job:' ? 'jobs' : 'datasets'
  const ids = idsOf(
    await ask(door, `/api/v2/${list}`, { namespace, prefix: name, limit: candidatesMax }),
    list,
  )
  return kind === 'field:' ? ids.map((id) => `${kind}${id.slice('dataset:'.length)}:`) : ids
}

async function ask(
  door: CollectorDoor,
  path: string,
  asked: Record<string, string | number>,
): Promise<unknown> {
  const query = new URLSearchParams(
    Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]),
  )
  const answer: unknown = JSON.parse(await door.ask('GET', `${path}?${query.toString()}`))
  return answer
}

function idsOf(answer: unknown, member: string): string[] {
  return readObjects(answer, member).flatMap((entry) => readText(entry, ['id']) ?? [])
}

function unescape(part: string): string {
  const [node] = readNodeId(`job:${part}:x`)
  return isJsonObject(node) && 'namespace' in node ? String(node['namespace']) : part
}
