import { parseArgs } from 'node:util'

export const help = `npm run bench -- [options]

Measures a collector of its own: starts Redis, Neo4j, a receiver and workers on free ports and in a temporary folder, loads them with
generated events, compares the graph with what it should hold, and removes all of it. Linux only: CPU times are read from /proc.

  --scenario a,b     only these
  --runs 3           measured runs of each; at least 3 for a report that counts
  --scale 1          size of everything; 0.02 tries it all in minutes, and its figures mean nothing
  --growth-max 100000  events in the largest graph of the scenario growth, before scaling; 1000000 takes half an hour or more
  --set NAME=VALUE   a setting of the collector (see the README); may be repeated
  --out bench-report where report.md, report.json and the plots go
  --help             this

Exit code: 0 where everything ran and every graph was right, whether the bars are met or not; 1 else; 130 when it was stopped.`

/** Events in the smallest graph of the scenario growth. */
const growthMin = 10_000

/**
 * What the command line asks for.
 * @throws {Error} with a sentence for who typed it
 */
export function readOptions(args, scenarioNames) {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string' },
      runs: { type: 'string', default: '3' },
      scale: { type: 'string', default: '1' },
      'growth-max': { type: 'string', default: '100000' },
      set: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'bench-report' },
      help: { type: 'boolean', default: false },
    },
  })
  const names = values.scenario?.split(',') ?? scenarioNames
  const unknown = names.filter((name) => !scenarioNames.includes(name))
  if (unknown.length > 0)
    throw new Error(`There is no scenario ${unknown.join(', ')}. There are: ${scenarioNames.join(', ')}.`)
  const runs = Number(values.runs)
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs has to be a whole number from 1 on.')
  const scale = Number(values.scale)
  if (!(scale > 0)) throw new Error('--scale has to be a number above 0.')
  const growthMax = Number(values['growth-max'])
  if (!Number.isSafeInteger(growthMax) || growthMax <= growthMin)
    throw new Error(`--growth-max has to be a whole number above ${growthMin}.`)
  return {
    names,
    runs,
    scale,
    growthMax,
    settings: Object.fromEntries(values.set.map(toSetting)),
    out: values.out,
    isHelp: values.help,
  }
}

function toSetting(text) {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`--set takes NAME=VALUE, not ${text}.`)
  return [text.slice(0, at), text.slice(at + 1)]
}
