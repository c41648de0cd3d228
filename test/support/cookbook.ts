import neo4j from 'neo4j-driver'
import { fromDateTime } from '../../src/graph/values.ts'

/** One question of the cookbook: its heading, its query, and the result that the page shows. */
export interface Question {
  title: string
  query: string
  result: string
}

/** A heading, any prose without another heading, a query, its result. */
const questionPattern =
  /^### (?<title>.+)\n(?<prose>(?:(?!#|```).*\n)+)```cypher\n(?<query>[\s\S]+?)\n```\n\n```text\n(?<result>[\s\S]*?)```$/gm

/** The questions of a page in their order. */
export function readQuestions(page: string): Question[] {
  return [...page.matchAll(questionPattern)].map(({ groups = {} }) => ({
    title: groups['title'] ?? '',
    query: groups['query'] ?? '',
    result: groups['result'] ?? '',
  }))
}

/** The headings that stand for a question, whether or not a query and its result follow as they should. */
export function readTitles(page: string): string[] {
  return [...page.matchAll(/^### (.+)$/gm)].map(([, title]) => title ?? '')
}

/** All queries of a page, in questions or not, each with the heading that it stands under. */
export function readQueries(page: string): { title: string; query: string }[] {
  return page.split(/^(?=#+ )/m).flatMap((section) => {
    const title = /^#+ (.+)$/m.exec(section)?.[1] ?? ''
    return [...section.matchAll(/^```cypher\n([\s\S]+?)\n```$/gm)].map(([, query = '']) => ({ title, query }))
  })
}

/** The page with other results, by the title of their question. */
export function replaceResults(page: string, results: ReadonlyMap<string, string>): string {
  return page.replaceAll(questionPattern, (section: string, title: string) => {
    const result = results.get(title)
    if (result === undefined) return section
    return `${section.slice(0, section.lastIndexOf('```text\n'))}\`\`\`text\n${result}\`\`\``
  })
}

/** A result as the page shows it: a line of column names, a rule, a line for each row, columns aligned. */
export function toTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map(toCell))
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const toLine = (values: readonly string[]) =>
    values
      .map((value, index) => value.padEnd(widths[index] ?? 0))
      .join(' | ')
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-')
  return [toLine(columns), rule, ...cells.map(toLine)].map((line) => `${line}\n`).join('')
}

function toCell(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCell).join(', ')}]`
  // Fractions end where their last digit does, as in cypher-shell.
  if (neo4j.isDateTime(value)) return (fromDateTime(value) ?? '').replace(/\.?0*Z$/, 'Z')
  if (typeof value === 'string') return value.replaceAll('\n', '\\n')
  return JSON.stringify(value) ?? ''
}
