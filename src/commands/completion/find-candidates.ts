import { readObjects, readText } from '../../openlineage/json-object.ts'
import type { CollectorDoor } from '../collector-door.ts'

const kinds = ['dataset:', 'job:', 'field:', 'run:']
const candidatesMax = 20

/**
 * What the word of a node may become: the kinds of ids, the ids that begin with it, or the one thing that a search finds for it.
 * Several things that merely look like it would take the word away from who types it.
 */
export async function findCandidates(word: string, door: CollectorDoor): Promise<string[]> {
  if (word.startsWith('-')) return []
  const beginning = kinds.filter((kind) => kind.startsWith(word))
  if (beginning.length > 0 && !kinds.includes(word)) return beginning
  const isId = kinds.some((kind) => word.startsWith(kind))
  const ids = isId ? await findByName(word, door) : await search(word, door)
  const starting = ids.filter((id) => id.startsWith(word))
  if (starting.length > 0 || isId) return starting
  return ids.length === 1 ? ids : []
}

/** Words of the id that is begun: what stands between its marks. */
async function findByName(word: string, door: CollectorDoor): Promise<string[]> {
  const kind = word.slice(0, word.indexOf(':'))
  const said = word
    .slice(kind.length + 1)
    .replaceAll(/%3A/gi, ':')
    .replaceAll('%25', '%')
  if (said !== '') return await search(said, door, kind)
  if (kind !== 'dataset' && kind !== 'job') return []
  const query = new URLSearchParams({ limit: String(candidatesMax) })
  return idsOf(await door.ask('GET', `/api/v2/${kind}s?${query.toString()}`), `${kind}s`)
}

async function search(q: string, door: CollectorDoor, kind?: string): Promise<string[]> {
  const query = new URLSearchParams({ q, limit: String(candidatesMax), ...(kind !== undefined && { kind }) })
  return idsOf(await door.ask('GET', `/api/v2/search?${query.toString()}`), 'results')
}

function idsOf(text: string, member: string): string[] {
  const answer: unknown = JSON.parse(text)
  return readObjects(answer, member).flatMap((entry) => readText(entry, ['id']) ?? [])
}
