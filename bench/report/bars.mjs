import { toText } from './numbers.mjs'

const unmeasured = 'not measured'

/**
 * Each bar of the scenarios with what was measured, and whether it is met. `read` takes what the scenario found and gives the value that
 * counts; `aim` is what is hoped for beyond; `note` says what has to be known beside the value.
 */
export function toBarRows(results, scenarios) {
  return scenarios.flatMap(({ name, bars }) => bars.map((bar) => toBarRow(results[name], bar)))
}

function toBarRow(found, { name, unit, most, least, aim, read, note }) {
  const value = found === undefined ? undefined : read(found)
  const noted = value === undefined || note === undefined ? '' : ` (${note(found)})`
  return {
    name,
    wanted: `${most === undefined ? `≥ ${least}` : `≤ ${most}`} ${unit}${aim === undefined ? '' : ` (aim ${aim})`}`,
    found: value === undefined ? unmeasured : `${toText(value)} ${unit}${noted}`,
    verdict: toVerdict(value, { most, least }),
  }
}

function toVerdict(value, { most = Infinity, least = -Infinity }) {
  if (value === undefined || Number.isNaN(value)) return unmeasured
  return value <= most && value >= least ? 'met' : 'not met'
}
