import type { Command } from 'commander'
import { readFile } from 'node:fs/promises'
import { text as readStream } from 'node:stream/consumers'
import { isJsonObject, readPath, readText } from '../../openlineage/json-object.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import type { Look } from '../look.ts'
import { toTable } from '../table.ts'
import { OptionError, exitCodes, type ExitCode } from '../terminal.ts'
import { addAskCommand, collect, runAsking, type AskFlags, type Asking } from './asking.ts'
import { toCsv } from './csv.ts'

interface CypherFlags extends AskFlags {
  file?: string
  param?: readonly string[]
  csv?: true
}

/** Adds `headwater cypher`. */
export function addCypherCommand(program: Command, surroundings: CommandSurroundings): void {
  addAskCommand(program, {
    usage: 'cypher [query]',
    description: 'ask the graph in Cypher, through the collector: no password of Neo4j is needed',
  })
    .option('--file <file>', 'take the query from a file; - is stdin')
    .option(
      '--param <name=value>',
      'a parameter of the query: JSON, or a text; several times for several',
      collect,
    )
    .option('--csv', 'print CSV')
    .action(async (query: string | undefined, flags: CypherFlags) => {
      await runAsking(flags, surroundings, async (asking) => {
        if (flags.json === true && flags.csv === true) throw new OptionError('Either --json or --csv.')
        const parameters = Object.fromEntries((flags.param ?? []).map(toParameter))
        const body = JSON.stringify({ query: await readQuery(query, flags.file), parameters })
        return show(asking, await asking.door.ask('POST', '/api/v2/cypher', body), flags)
      })
    })
}

function show({ print, say, look }: Asking, text: string, { json, csv }: CypherFlags): ExitCode {
  const answer: unknown = JSON.parse(text)
  const columns = toList(readPath(answer, ['columns'])).map(String)
  const rows = toList(readPath(answer, ['rows'])).map(toList)
  // Not indented: a row stands on a line of its own already.
  if (json === true) print(text.trimEnd())
  else if (csv === true) print(toCsv(columns, rows))
  else {
    if (rows.length > 0) print(toRowTable(columns, rows, look))
    say(`${rows.length.toLocaleString('en-US')} ${rows.length === 1 ? 'row' : 'rows'}.`)
  }
  if (readPath(answer, ['truncated']) !== true) return exitCodes.done
  say(`Rows are missing at the end. ${readText(answer, ['detail']) ?? ''}`.trimEnd())
  return exitCodes.incomplete
}

function toRowTable(columns: readonly string[], rows: readonly (readonly unknown[])[], look: Look): string {
  const shown = columns.map((title, index) => ({
    title,
    cell: (row: readonly unknown[]) => toCell(row[index]),
  }))
  return toTable(rows, shown, look)
}

function toCell(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(toShort(value))
}

/** Of a node or relationship its labels and properties: its element id says nothing to people. */
function toShort(value: unknown): unknown {
  if (!isJsonObject(value) || !('elementId' in value)) return value
  const { labels, type, properties } = value
  return {
    ...(labels === undefined ? { type } : { labels }),
    ...(isJsonObject(properties) ? properties : {}),
  }
}

/** `--param rows=10` is a number, `--param name=orders` a text, `--param name='"10"'` a text of digits. */
function toParameter(said: string): readonly [string, unknown] {
  const end = said.indexOf('=')
  if (end < 1) throw new OptionError('--param is a name and a value: --param rows=10.')
  const [name, text] = [said.slice(0, end), said.slice(end + 1)]
  try {
    const value: unknown = JSON.parse(text)
    return [name, value]
  } catch {
    return [name, text]
  }
}

async function readQuery(query: string | undefined, file: string | undefined): Promise<string> {
  if ((query === undefined) === (file === undefined)) {
    throw new OptionError('Give the query, or a file with it: --file; --file - is stdin.')
  }
  if (query !== undefined) return query
  return file === '-' ? await readStream(process.stdin) : await readFile(file ?? '', 'utf8')
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
