import { answerJson } from '../../http/answer-json.ts'
import type { Endpoint } from '../../http/operation.ts'
import { choice, requiredText, texts, wholeNumber, text } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { readCursor, toCursor } from '../page.ts'
import { question } from '../question.ts'
import type { ReadParts } from '../read-parts.ts'
import { findCandidates } from './find-candidates.ts'
import { rankCandidates, searchKinds } from './rank-candidates.ts'

const hitsDefault = 20
const hitsMax = 100
const namespacesMax = 20
const charsMax = 200

/** GET /api/v2/search */
export function searchEndpoints({ ask }: ReadParts): Endpoint[] {
  const search = question(
    {
      id: 'search',
      path: '/api/v2/search',
      tag: 'search',
      summary: 'Datasets, jobs, owners and tags by words',
      description:
        'Looks through names, descriptions, columns, tags and owners. Words may be beginnings, or misspelt by a letter or two; names are parted at dots, slashes, ' +
        'underscores, hyphens and capitals. The very name comes first, then what begins so, then names that have the words, then the rest. ' +
        'A column is shown as its dataset; what an owner owns and a tag is on is found by the owner and the tag.',
      inPath: {},
      inQuery: {
        q: requiredText('What to look for.'),
        kind: choice('Only things of this kind.', { of: ['any', ...searchKinds], default: 'any' }),
        namespace: texts('Only things in one of these namespaces; owners and tags are in none.', {
          max: namespacesMax,
        }),
        limit: wholeNumber('Entries of a page.', { min: 1, max: hitsMax, default: hitsDefault }),
        cursor: text('Where to go on: `next` of the page before.'),
      },
      schema: 'SearchPage',
      gives: 'A page of hits, the best first.',
    },
    async (asked) => {
      const { q, kind, namespace, limit, cursor } = asked.query
      if (q.length > charsMax)
        throw new Problem('request-invalid', { detail: `q may have ${charsMax} characters.` })
      const [start = 0] = readCursor(cursor, 1) ?? []
      const { namespaces: seen } = asked.reader
      const wanted = namespace.length === 0 ? undefined : namespace.filter((one) => asked.reader.sees(one))
      const namespaces = wanted ?? seen ?? null
      const rows = await ask((tx) => findCandidates(tx, { asked: q, namespaces }))
      const hits = rankCandidates(q, rows).filter(
        (hit) =>
          (kind === 'any' || hit.kind === kind) &&
          // Owners and tags tell of all namespaces: who sees some of them only does not see these.
          (hit.namespace !== undefined || (wanted === undefined && seen === undefined)),
      )
      const end = Number(start) + limit
      const next = hits.length > end ? { next: toCursor([end]) } : {}
      answerJson(asked, { results: hits.slice(Number(start), end), ...next })
    },
  )
  return [search]
}
