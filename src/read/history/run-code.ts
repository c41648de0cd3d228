import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { readPath, readText } from '../../openlineage/json-object.ts'
import { toEventText } from '../entities/event-text.ts'

/** The code that a run says it ran. */
export interface RunCode {
  sql?: string
  sourceLocation?: string
  sourceVersion?: string
}

/** Of a run, so many of its last events are looked at. */
const eventsOfRun = 4

const readRunTexts = cypher`
  UNWIND $runIds AS runId
  CALL (runId) {
    MATCH (:Run {runId: runId})<-[:ABOUT]-(e:Event)
    WITH e ORDER BY e.eventTime DESC, e.id DESC LIMIT toInteger($events)
    RETURN e
  }
  RETURN runId, e.payload AS payload
  ORDER BY runId, e.eventTime DESC, e.id DESC
`

/** The code of runs as their own events tell it: a job's properties are those of its newest run. Runs that tell nothing are left out. */
export async function readRunCodes(
  tx: GraphTransaction,
  runIds: readonly string[],
): Promise<Map<string, RunCode>> {
  if (runIds.length === 0) return new Map()
  const rows = await tx.run(readRunTexts, { runIds, events: eventsOfRun })
  const codes = new Map<string, RunCode>()
  for (const { runId, payload } of rows) {
    if (!(payload instanceof Int8Array)) continue
    // oxlint-disable-next-line no-await-in-loop -- one text at a time in memory
    const event: unknown = JSON.parse(await toEventText(payload))
    const id = String(runId)
    // What a later event says stands.
    const code = { ...toCode(event), ...codes.get(id) }
    if (Object.keys(code).length > 0) codes.set(id, code)
  }
  return codes
}

function toCode(event: unknown): RunCode {
  const facets = readPath(event, ['job', 'facets'])
  const sql = readText(facets, ['sql', 'query'])
  const sourceLocation = readText(facets, ['sourceCodeLocation', 'url'])
  const sourceVersion = readText(facets, ['sourceCodeLocation', 'version'])
  return {
    ...(sql !== undefined && { sql }),
    ...(sourceLocation !== undefined && { sourceLocation }),
    ...(sourceVersion !== undefined && { sourceVersion }),
  }
}
