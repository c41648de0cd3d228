import type { Row } from '../../graph/connection.ts'
import { asText } from '../../graph/values.ts'
import { toNodeId } from '../node-id.ts'
import { scoreName, scoreWords } from './score-text.ts'

export const searchKinds = ['dataset', 'job', 'owner', 'tag'] as const
export type SearchKind = (typeof searchKinds)[number]

export interface SearchMatch {
  field: 'name' | 'description' | 'column' | 'tag' | 'owner'
  text: string
}

export interface SearchHit {
  id: string
  kind: SearchKind
  namespace?: string
  name: string
  description?: string
  /** From 0 to 100 and a little more: what it is ordered by. */
  score: number
  matched: SearchMatch[]
}

/** What a hit elsewhere than in the name counts at most. */
const weights = { description: 40, column: 60, columnDescription: 25, tag: 35, owner: 35 }
/** What each further place adds. */
const furtherShare = 0.1
const matchesMax = 10

/** Hits, the best first: each thing once, with all the places where it was found. */
export function rankCandidates(asked: string, rows: readonly Row[]): SearchHit[] {
  const hits = new Map<
    string,
    { hit: SearchHit; found: Map<string, { match: SearchMatch; score: number }> }
  >()
  for (const row of rows) {
    const thing = toThing(row)
    if (thing === undefined) continue
    const entry = hits.get(thing.id) ?? { hit: thing, found: new Map() }
    hits.set(thing.id, entry)
    for (const place of toPlaces(asked, row)) {
      if (place.score > 0) entry.found.set(JSON.stringify(place.match), place)
    }
  }
  const ranked = [...hits.values()].flatMap(({ hit, found }) => {
    const places = [...found.values()].toSorted((a, b) => b.score - a.score)
    const [best, ...further] = places
    if (best === undefined) return []
    const score =
      best.score + furtherShare * further.slice(0, matchesMax).reduce((sum, one) => sum + one.score, 0)
    return [
      {
        ...hit,
        score: Math.round(score * 10) / 10,
        matched: places.slice(0, matchesMax).map(({ match }) => match),
      },
    ]
  })
  return ranked.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
}

function toThing(row: Row): SearchHit | undefined {
  const [name, namespace] = [asText(row['name']), asText(row['namespace'])]
  const description = asText(row['description'])
  const rest = { score: 0, matched: [], ...(description !== undefined && { description }) }
  switch (row['label']) {
    case 'Dataset':
    case 'Job': {
      if (name === undefined || namespace === undefined) return undefined
      const kind = row['label'] === 'Job' ? 'job' : 'dataset'
      return { id: toNodeId({ kind, namespace, name }), kind, namespace, name, ...rest }
    }
    case 'Owner':
      return name === undefined
        ? undefined
        : { id: `owner:${escapePart(name)}`, kind: 'owner', name, ...rest }
    case 'Tag': {
      const tag = tagText(row['key'], row['value'])
      const id = `tag:${[row['key'], row['value']].map((part) => escapePart(asText(part) ?? '')).join(':')}`
      return { id, kind: 'tag', name: tag, ...rest }
    }
    default:
      return undefined
  }
}

function toPlaces(asked: string, row: Row): { match: SearchMatch; score: number }[] {
  const place = (field: SearchMatch['field'], value: string | undefined, score: (text: string) => number) =>
    value === undefined || value === '' ? [] : [{ match: { field, text: value }, score: score(value) }]
  const share = (weight: number) => (text: string) => (weight * scoreName(asked, text)) / 100
  const column = asText(row['column'])
  const columnDescription = asText(row['columnDescription'])
  const tag = row['tagKey'] === undefined ? undefined : tagText(row['tagKey'], row['tagValue'])
  const own = row['label'] === 'Tag' ? tagText(row['key'], row['value']) : asText(row['name'])
  return [
    ...place('name', own, (text) => scoreName(asked, text)),
    ...place('name', asText(row['displayName']), (text) => scoreName(asked, text)),
    ...place(
      'description',
      asText(row['description']),
      (text) => weights.description * scoreWords(asked, text),
    ),
    ...place('column', column, (text) =>
      Math.max(
        share(weights.column)(text),
        weights.columnDescription * scoreWords(asked, columnDescription ?? ''),
      ),
    ),
    ...place('tag', tag, share(weights.tag)),
    ...place('owner', asText(row['owner']), share(weights.owner)),
  ]
}

function tagText(key: unknown, value: unknown): string {
  return [asText(key), asText(value)].filter((part) => part !== undefined && part !== '').join('=')
}

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A')
}
