import { isJsonObject, readObjects, readPath, readText } from '../../openlineage/json-object.ts'
import type { Look } from '../look.ts'
import { toTable, type Column } from '../table.ts'
import { partsOfId } from './answer-values.ts'
import { inSection, toSection } from './sections.ts'

type Entry = Record<string, unknown>

/** Longer lists are told by their beginning: `--json` has all of them. */
const listedMax = 20

/** A section with a table of the members of an answer, without the columns that say nothing; or no section at all. */
export function toTableSection(
  title: string,
  { rows, columns }: { rows: readonly Entry[]; columns: readonly Column<Entry>[] },
  look: Look,
): string[] {
  if (rows.length === 0) return []
  const more =
    rows.length > listedMax ? `\n… ${(rows.length - listedMax).toLocaleString('en-US')} more: --json` : ''
  const listed = rows.slice(0, listedMax)
  const telling = columns.filter(({ cell }) => listed.some((row) => (cell(row) ?? '') !== ''))
  return toSection(title, toTable(listed, telling, inSection(look)) + more, look)
}

/** A section that lists things by name, one a line. */
export function toNamesSection(title: string, things: readonly Entry[], look: Look): string[] {
  const lines = things.slice(0, listedMax).map((thing) => {
    const { name, namespace } = partsOfId(thing['id'])
    const past = thing['current'] === false ? look.paint('yellow', '  no longer') : ''
    return `${look.paint('bold', name)}${namespace === '' ? '' : `  ${look.paint('dim', namespace)}`}${past}`
  })
  const more =
    things.length > listedMax ? [`… ${(things.length - listedMax).toLocaleString('en-US')} more: --json`] : []
  return toSection(title, [...lines, ...more].join('\n'), look)
}

/** The facets that a thing has, by their keys. */
export function facetNamesOf(answer: unknown): string | undefined {
  const facets = readPath(answer, ['facets'])
  const names = isJsonObject(facets) ? Object.keys(facets).toSorted() : []
  return names.length === 0 ? undefined : names.join(', ')
}

/** Columns that a schema says, or else the fields that the graph knows. */
export function columnsOf(answer: unknown): Entry[] {
  const columns = readObjects(readPath(answer, ['schema']), 'columns')
  const fields = readObjects(answer, 'fields')
  if (columns.length === 0) return fields
  const byName = new Map(fields.map((field) => [readText(field, ['name']), field]))
  return columns.map((column) => ({ ...byName.get(readText(column, ['name'])), ...column }))
}
