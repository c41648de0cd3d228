import { readObjects, readText } from '../../openlineage/json-object.ts'
import { readNodeId } from '../../read/node-id.ts'
import { OptionError } from '../terminal.ts'
import type { Asking } from './asking.ts'
import { partsOfId } from './answer-values.ts'

export type NodeKind = 'dataset' | 'job' | 'field' | 'run'

/** Names are listed up to here where words find several. */
const listedMax = 15

/**
 * The ids that the words of a command mean: each an id (`dataset:namespace:name`), or all of them words to search for.
 * @throws {OptionError} where words find nothing, or several things
 */
export async function findNodes(
  words: readonly string[],
  asking: Asking,
  kinds: readonly NodeKind[],
): Promise<string[]> {
  if (words.every(isId)) return [...words]
  return [await findNode(words.join(' '), asking, kinds)]
}

/** The one id that a text means: the text itself, or what a search finds. */
export async function findNode(text: string, asking: Asking, kinds: readonly NodeKind[]): Promise<string> {
  if (isId(text)) return text
  const hits = (await search(text, asking)).filter(({ kind }) => kinds.some((one) => one === kind))
  const likely = toLikely(hits, text)
  const [taken, other] = likely
  const wanted = kinds.join(' or ')
  if (taken === undefined) {
    throw new OptionError(
      `Nothing is found for ${JSON.stringify(text)} as a ${wanted}. Try headwater search with fewer words.`,
    )
  }
  if (other !== undefined) throw new OptionError(toChoice(text, likely))
  asking.say(`Taken for ${JSON.stringify(text)}: ${taken.id}`)
  return taken.id
}

interface Hit {
  id: string
  kind: string
}

async function search(text: string, { door }: Asking): Promise<Hit[]> {
  const query = new URLSearchParams({ q: text })
  const answer: unknown = JSON.parse(await door.ask('GET', `/api/v2/search?${query.toString()}`))
  return readObjects(answer, 'results').flatMap((hit) => {
    const [id, kind] = [readText(hit, ['id']), readText(hit, ['kind'])]
    return id === undefined || kind === undefined ? [] : [{ id, kind }]
  })
}

function isId(text: string): boolean {
  return readNodeId(text).length > 0
}

/** A search finds what only looks like it, too: those of this very name come before it, then those whose names end in these words. */
function toLikely(hits: readonly Hit[], text: string): readonly Hit[] {
  const called = hits.filter(({ id }) => isCalled(id, text))
  const ending = hits.filter(({ id }) => ` ${toWords(partsOfId(id).name)}`.endsWith(` ${toWords(text)}`))
  return [called, ending, hits].find(({ length }) => length > 0) ?? []
}

function isCalled(id: string, text: string): boolean {
  const { name, namespace } = partsOfId(id)
  const said = text.toLowerCase()
  return [name, `${namespace} ${name}`, `${namespace}/${name}`].some((one) => one.toLowerCase() === said)
}

/** `warehouse/sales.db/orders` and `sales.db orders` are the same words at their ends. */
function toWords(text: string): string {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .join(' ')
    .trim()
}

function toChoice(text: string, hits: readonly Hit[]): string {
  const listed = hits.slice(0, listedMax).map(({ id }) => `  ${id}`)
  const more = hits.length > listedMax ? ['  …'] : []
  return [`${JSON.stringify(text)} may be any of these; name one by its id:`, ...listed, ...more].join('\n')
}
