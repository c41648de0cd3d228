/** The whole report as Markdown. */
export function toMarkdown({ startedAt, options, machine, bars, sections, foreign }) {
  return [
    '# Benchmark of Headwater',
    `Measured on ${startedAt.toISOString().slice(0, 10)}, ${options.runs} runs each, scale ${options.scale}${describeSettings(options.settings)}.`,
    ...describeScale(options.scale),
    'CPU time an event, over receiver, worker, Redis and Neo4j, is the measure that holds on a machine that others use too. Rates depend on what else runs: hold them beside the limits, which are measured in the same minutes.',
    toTable({ title: 'Machine', columns: ['', ''], rows: [...machine, ['foreign load seen', foreign]] }),
    toTable({
      title: 'Bars',
      columns: ['bar', 'wanted', 'measured', ''],
      rows: bars.map(({ name, wanted, found, verdict }) => [name, wanted, found, verdict]),
    }),
    ...sections.flatMap(toSection),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function describeSettings(settings) {
  const said = Object.entries(settings).map(([name, value]) => `\`${name}=${value}\``)
  return said.length === 0 ? ', default settings' : `, with ${said.join(', ')}`
}

function describeScale(scale) {
  return scale === 1
    ? []
    : [
        `**At scale ${scale} the figures say that the bench works, and little about the collector**: the JVM is hardly warm, and what is done once weighs more.`,
      ]
}

function toSection({ name, about, notes = [], tables, plots, checks, error }) {
  return [
    `## ${name}`,
    `${about[0].toUpperCase()}${about.slice(1)}.`,
    ...(error === undefined ? [] : [`**Error**: ${error}`]),
    ...notes,
    ...tables.map(toTable),
    ...plots.map(({ file, title }) => `![${title}](${file})`),
    describeChecks(checks),
  ]
}

function describeChecks(checks) {
  if (checks.length === 0) return ''
  const wrong = checks.filter(({ isSame }) => !isSame)
  if (wrong.length === 0) return `The graph equals the manifest: ${checks.length} counts compared.`
  return toTable({
    title: '**Error**: the graph differs from the manifest',
    columns: ['namespace', 'count of', 'expected', 'found'],
    rows: wrong.map(({ of, name, expected, found }) => [of, name, expected, found]),
  })
}

function toTable({ title, columns, rows }) {
  const lines = [columns, columns.map(() => '---'), ...rows].map(toTableLine)
  return [`### ${title}`, '', ...lines].join('\n')
}

function toTableLine(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
