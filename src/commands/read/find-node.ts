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
  const exact = hits.filter(({ id }) => isCalled(id, text))
  const [taken, other] = exact.length > 0 ? exact : hits
  const wanted = kinds.join(' or ')
  if (taken === undefined) {
    throw new OptionError(
      `Nothing is found for ${JSON.stringify(text)} as a ${wanted}. Try headwater search with fewer words.`,
    )
  }
  if (other !== undefined) throw new OptionError(toChoice(text, exact.length > 0 ? exact : hits))
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

/** Whether a thing has this very name: others that a search finds beside it only look like it. */
function isCalled(id: string, text: string): boolean {
  const { name, namespace } = partsOfId(id)
  const said = text.toLowerCase()
  return [name, `${namespace} ${name}`, `${namespace}/${name}`].some((one) => one.toLowerCase() === said)
}

function toChoice(text: string, hits: readonly Hit[]): string {
  const listed = hits.slice(0, listedMax).map(({ id }) => `  ${id}`)
  const more = hits.length > listedMax ? ['  …'] : []
  return [`${JSON.stringify(text)} may be any of these; name one by its id:`, ...listed, ...more].join('\n')
}
