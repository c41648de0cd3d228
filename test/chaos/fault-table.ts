import type { ChaosReport } from './run-chaos.ts'

/** How often each kind of fault was there, and how long until all was well again, as a table in Markdown. */
export function toFaultTable({ faults }: Pick<ChaosReport, 'faults'>): string {
  const rows = [...faults]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, { count, msSum, msMax }]) => [
      kind,
      String(count),
      toSeconds(msSum / count),
      toSeconds(msMax),
    ])
  const head = ['fault', 'times', 'well again after, mean', 'at most']
  const lines = [head, ['---', '---:', '---:', '---:'], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
