import { stringify } from 'csv-stringify/sync'
import type { Impacted } from './find-impact.ts'

const columns = ['id', 'kind', 'namespace', 'name', 'distance', 'owners', 'tags', 'derivation', 'path']

/** The list as CSV (RFC 4180), a header first. A name that a spreadsheet would take for a formula begins with an apostrophe. */
export function toImpactCsv(impacted: readonly Impacted[]): string {
  const rows = impacted.map(({ owners, tags, path, derivation, ...rest }) => ({
    ...rest,
    owners: owners.map(({ name, type }) => (type === undefined ? name : `${name} (${type})`)).join('; '),
    tags: tags.join('; '),
    derivation: derivation ?? '',
    path: path.join(' > '),
  }))
  return stringify(rows, { header: true, columns, record_delimiter: 'windows', escape_formulas: true })
}
