import { isJsonObject, readPath } from '../openlineage/json-object.ts'
import { indentJson } from './indent-json.ts'
import { toPrintable } from './print.ts'
import { toTable } from './table.ts'

/** What stands on stdout, and what is said beside it. */
export interface Described {
  table: string
  hint: string
}

const idShown = 12
const subjectWidthMax = 60
const reasonWidthMax = 60
const producerWidthMax = 80
/** A larger event would fill the terminal for minutes. */
const eventCharsMax = 256 * 1024
const findingsShownMax = 10

/** The answer of GET /api/v2/dead-letters as a table. */
export function describeList(answer: unknown): Described {
  const letters = membersOf(answer, 'deadLetters')
  const next = asText(readPath(answer, ['next']))
  const total = Number(readPath(answer, ['total']) ?? 0)
  if (letters.length === 0 && next === undefined) {
    return {
      table: '',
      hint: total === 0 ? 'There are no dead letters.' : `None of ${total} dead letters is meant.`,
    }
  }
  const table = toTable(letters, [
    { title: 'id', cell: ({ id }) => asText(id)?.slice(0, idShown) },
    { title: 'first failed', cell: ({ firstAt }) => asText(firstAt)?.slice(0, 19).replace('T', ' ') },
    { title: 'tries', cell: ({ attempts }) => Number(attempts) },
    { title: 'kind', cell: ({ kind }) => asText(kind) },
    { title: 'event', cell: toEventText, widthMax: subjectWidthMax },
    { title: 'reason', cell: ({ reason }) => asText(reason), widthMax: reasonWidthMax },
  ])
  const more = next === undefined ? '' : `There may be more: --cursor ${next}`
  return { table, hint: more }
}

/** The answer of GET /api/v2/dead-letters/groups as a table. */
export function describeGroups(answer: unknown): Described {
  const groups = membersOf(answer, 'groups')
  if (groups.length === 0) return { table: '', hint: 'There are no dead letters.' }
  const table = toTable(groups, [
    { title: 'letters', cell: ({ letters }) => Number(letters) },
    { title: 'kind', cell: ({ kind }) => asText(kind) },
    { title: 'producer', cell: ({ producer }) => asText(producer), widthMax: producerWidthMax },
  ])
  const more = Number(readPath(answer, ['moreGroups']) ?? 0)
  return { table, hint: more === 0 ? '' : `And ${more} more groups.` }
}

/** The answer of GET /api/v2/dead-letters/{id} in words; the event is shown as it was received, only on more lines. */
export function describeLetter(text: string, { withEvent }: { withEvent: boolean }): string {
  const letter: unknown = JSON.parse(text)
  if (!isJsonObject(letter)) return text
  const lines = [
    `Dead letter ${asText(letter['id'])}`,
    '',
    ...toLines(letter).map(([name, value]) => `${name.padEnd(9)} ${value}`),
  ]
  if (!withEvent) return toPrintable(lines.join('\n'))
  const start = text.indexOf(',"event":')
  const eventText = text.slice(start + ',"event":'.length, -1)
  const event =
    eventText.length > eventCharsMax
      ? `The event has ${eventText.length} characters: --json shows all of it.`
      : indentJson(eventText)
  return toPrintable([...lines, '', event].join('\n'))
}

function toLines(letter: Record<string, unknown>): [name: string, value: string][] {
  const { kind, meaning, reason, pointer, advice, producer, sameKind, firstAt, lastAt } = letter
  const { attempts, bytes, receivedAt, requestId } = letter
  const findings = membersOf(letter, 'findings')
  const found = findings.slice(0, findingsShownMax).map((finding): [string, string] => {
    const place = toPlaceText(finding['standard'])
    return ['found', `${String(finding['pointer'])} ${String(finding['detail'])}${place}`]
  })
  return [
    ['kind', `${String(kind)}: ${String(meaning)}`],
    ['reason', String(reason)],
    ...(typeof pointer === 'string'
      ? [['where', `${pointer}${toPlaceText(letter['standard'])}`] satisfies [string, string]]
      : []),
    ['advice', String(advice)],
    ['event', toEventText(letter)],
    ['producer', `${asText(producer) ?? '-'} (${Number(sameKind)} of this kind from it)`],
    ['failed', `first ${String(firstAt)}, last ${String(lastAt)}, tries: ${Number(attempts)}`],
    ['received', `${String(receivedAt)} by request ${String(requestId)}, ${Number(bytes)} bytes`],
    ...found,
  ]
}

/** `: ParentRunFacet 1-2-0, run/runId, https://…` */
function toPlaceText(standard: unknown): string {
  if (!isJsonObject(standard)) return ''
  const { schema, path, url } = standard
  return ` (${[schema, path, url].filter((part) => part !== '').join(', ')})`
}

function toEventText({ eventType, subject, eventTime }: Record<string, unknown>): string {
  const what = [eventType, subject].filter((part) => typeof part === 'string').join(' ')
  return [what, asText(eventTime)].filter((part) => part !== undefined && part !== '').join(' at ') || '-'
}

function membersOf(value: unknown, name: string): Record<string, unknown>[] {
  const members = readPath(value, [name])
  return Array.isArray(members) ? members.filter(isJsonObject) : []
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
