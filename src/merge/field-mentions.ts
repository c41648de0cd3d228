import type { GraphTransaction } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { asText } from '../graph/values.ts'
import { byKey } from '../openlineage/canonical-json.ts'
import { toHour } from '../openlineage/time.ts'
import type { NamedInFacets } from '../project/named-in-facets.ts'
import {
  addMention,
  isCovered,
  isTold,
  joinSpans,
  toNames,
  toSpan,
  toTimes,
  type FieldMentions,
  type ToldFields,
} from './field-sightings.ts'
import { runRows } from './run-rows.ts'

const findMentionsStatement = cypher`
  UNWIND $rows AS key
  MATCH (m:FieldMention {key: key})
  USING INDEX SEEK m:FieldMention(key)
  RETURN m.key AS key, toString(m.firstSeenAt) AS first, toString(m.lastSeenAt) AS last
`

const writeMentionsStatement = cypher`
  UNWIND $rows AS row
  MERGE (m:FieldMention {key: row.key})
  SET m += row.properties
`

/**
 * Adds the fields that facets tag, measure or test. The same fields are named with every run, so a mention keeps its
 * span: within it, its fields know of the sighting already. It is guarded by the lock of its dataset.
 */
export async function writeFieldMentions(
  tx: GraphTransaction,
  { fields }: NamedInFacets,
  { mentions, told }: { mentions: FieldMentions; told: ToldFields },
): Promise<void> {
  const stored = new Map(
    (await runRows(tx, findMentionsStatement, [...fields.keys()])).map((row) => [asText(row['key']), row]),
  )
  const rows = []
  for (const [key, { dataset, paths, first, last }] of [...fields].toSorted(byKey)) {
    const present = stored.get(key)
    const before = present === undefined ? undefined : toSpan(present)
    const said = { first, last: toHour(last) }
    if (before !== undefined && isCovered(said, before)) continue
    rows.push({ key, properties: { ...toNames(dataset), ...toTimes(joinSpans(said, before)) } })
    const named = new Set(paths)
    if (isTold(told, dataset, { ...said, paths: named })) continue
    addMention(mentions, dataset, {
      ...said,
      paths: named,
      schema: undefined,
      before,
    })
  }
  await runRows(tx, writeMentionsStatement, rows)
}
