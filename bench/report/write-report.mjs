import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toSummary } from '../measure/summary.mjs'
import { scenarios } from '../scenarios/all.mjs'
import { toBarRows } from './bars.mjs'
import { describeMachine } from './describe-machine.mjs'
import { toMarkdown } from './markdown.mjs'
import { toText } from './numbers.mjs'

/**
 * Writes report.md with its plots, and report.json with all that was measured. `outcomes` are of the scenarios that were run:
 * `{ scenario, found }`, or `{ scenario, error }`.
 */
export async function writeReport({ out, startedAt, options, outcomes }) {
  const results = Object.fromEntries(
    outcomes.filter(({ found }) => found !== undefined).map(({ scenario, found }) => [scenario.name, found]),
  )
  const bars = toBarRows(results, scenarios)
  const sections = outcomes.map(({ scenario, found, error }) => ({
    name: scenario.name,
    about: scenario.about,
    error,
    checks: found?.checks ?? [],
    ...(found === undefined ? { tables: [], plots: [] } : scenario.describe(found, results)),
  }))
  const machine = await describeMachine()
  mkdirSync(out, { recursive: true })
  for (const { file, svg } of sections.flatMap(({ plots }) => plots)) writeFileSync(join(out, file), svg)
  const foreign = describeForeign(results)
  writeFileSync(join(out, 'report.md'), toMarkdown({ startedAt, options, machine, bars, sections, foreign }))
  writeFileSync(
    join(out, 'report.json'),
    `${JSON.stringify({ startedAt, options, machine, bars, results }, undefined, 1)}\n`,
  )
  return { bars, sections }
}

function describeForeign(results) {
  const all = Object.values(results).flatMap(({ records = [] }) => records)
  const foreign = toSummary(all.map(({ foreignPercent }) => foreignPercent))
  const steal = toSummary(all.map(({ stealPercent }) => stealPercent))
  if (foreign === undefined) return 'not measured'
  return `${toText(foreign.min)} to ${toText(foreign.max)} % of all processors (median ${toText(foreign.median)}); steal up to ${toText(steal.max)} %`
}
