import type { EntityName } from '../openlineage/keys.ts'
import type { Preview, ShownLink, Tally } from './identity-preview.ts'

/** A preview for people to read. */
export function toPreviewText(preview: Preview): string {
  const { inForce, isSame, names, behind, joined, parted, renamed } = preview
  const since =
    inForce === undefined ? 'no rules at all' : `the rules in force since ${inForce.at}, by ${inForce.by}`
  const lines = [
    isSame ? `These are ${since}.` : `Compared with ${since}, the rules of the file`,
    ...(isSame
      ? []
      : [
          `  join or take for parts ${toCounts(joined)}`,
          `  part ${toCounts(parted)}`,
          `  give another reason for ${toNumber(renamed)} links that stay`,
        ]),
    `${toNumber(names.datasets)} datasets and ${toNumber(names.jobs)} jobs were looked at; ${toNumber(behind)} of them are not linked under the rules in force yet.`,
    ...toList('Joined or parts then:', joined),
    ...toList('Parted then:', parted),
    isSame && behind === 0
      ? 'There is nothing to do.'
      : 'Nothing has been changed. `headwater identity apply` does it.',
  ]
  return lines.join('\n')
}

function toCounts({ count, bySource }: Tally): string {
  if (count === 0) return 'no names'
  const counts = Object.entries(bySource)
    .toSorted(([, a], [, b]) => b - a)
    .map(([source, number]) => `${toNumber(number)} by ${source}`)
  return `${toNumber(count)} names: ${counts.join(', ')}`
}

function toList(title: string, { links, leftOut }: Tally): string[] {
  if (links.length === 0 && leftOut === 0) return []
  const rest = leftOut === 0 ? [] : [`  and ${toNumber(leftOut)} more (--limit)`]
  return [title, ...links.map(toLine), ...rest]
}

function toLine({ kind, from, to, source }: ShownLink): string {
  return `  ${toName(from)} ${kind} ${toName(to)} (${source})`
}

/** Line breaks and the like in names must not look like lines of ours. */
function toName({ namespace, name }: EntityName): string {
  return JSON.stringify(`${namespace} ${name}`)
}

function toNumber(number: number): string {
  return number.toLocaleString('en')
}
