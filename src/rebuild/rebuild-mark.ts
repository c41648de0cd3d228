import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Graph, Row } from '../graph/connection.ts'
import { cypher } from '../graph/cypher.ts'
import { patiently } from '../graph/patiently.ts'
import { asText, fromDateTime, toDateTime } from '../graph/values.ts'
import type { LogPosition } from '../log/logged-event.ts'
import type { Instant } from '../openlineage/time.ts'

/**
 * How far a rebuild is. PAUSING: nothing is changed yet. WIPING: the graph is being emptied, and nothing is merged by anybody.
 * MERGING: events are merged again, from the oldest on, beside what workers merge.
 */
export type Phase = 'PAUSING' | 'WIPING' | 'MERGING'

/** What the mark says; it stands in the graph that is rebuilt, for as long as the rebuild is not done. */
export interface MarkState {
  phase: Phase
  /** The Neo4j that the log comes from; undefined where it is the graph's own. */
  source: string | undefined
  /** The last event merged again, and how many were. */
  position: LogPosition | undefined
  merged: number
  /** Events from here on came after the wipe and are merged by the workers. */
  before: Instant | undefined
}

export interface RebuildMark {
  /** As it was found, or made. */
  state: MarkState
  /** Whether an earlier rebuild has left it. */
  isFound: boolean
  set(change: Partial<MarkState>): Promise<void>
  /** The rebuild is done. */
  remove(): Promise<void>
  /** Another rebuild may go on from here. */
  release(): Promise<void>
}

/** Somebody else rebuilds this graph, or has left it in a state that asks for something else. */
export class RebuildRefused extends Error {
  override readonly name = 'RebuildRefused'
}

/** The holder is heard of so often; the statements below give it 15 seconds. */
const renewEveryMs = 4000
/** Longer than that: whoever was not heard of by then has ended. */
const waitMsMax = 20_000
const lookEveryMs = 1000

const takeStatement = cypher`
  MERGE (r:Rebuild {id: 'graph'})
  ON CREATE SET r.isNew = true, r.phase = $phase, r.source = $source, r.startedAt = datetime(), r.merged = 0
  SET r.lock = true
  WITH r, coalesce(r.isNew, false) AS isNew,
    r.holder IS NULL OR r.holder = $holder OR r.heldUntil < datetime() AS isFree
  FOREACH (_ IN CASE WHEN isFree THEN [1] ELSE [] END |
    SET r.holder = $holder, r.heldUntil = datetime() + duration({seconds: 15}))
  REMOVE r.isNew
  RETURN isNew, isFree, r.phase AS phase, r.source AS source, r.merged AS merged, r.before AS before,
    r.positionTime AS positionTime, r.positionId AS positionId
`

/**
 * Takes the mark of this graph's rebuild, making it where there is none, and holds it. A rebuild that was killed is waited out.
 * @throws {RebuildRefused} while another process holds it
 */
export async function takeMark(
  graph: Graph,
  { say, ...fresh }: { phase: Phase; source: string | undefined; say: (line: string) => void },
): Promise<RebuildMark> {
  const holder = randomUUID()
  const row = await takeRow(graph, { holder, ...fresh, say })
  const set = async (change: Partial<MarkState>) => await setMark(graph, holder, change)
  const timer = setInterval(() => void set({}).catch(() => undefined), renewEveryMs)
  const state = toState(row)
  return {
    state,
    isFound: row['isNew'] !== true,
    set: async (change) => {
      await set(change)
      Object.assign(state, change)
    },
    remove: async () => {
      clearInterval(timer)
      await patiently(() => graph.inWrite((tx) => tx.run(removeStatement, { holder })))
    },
    release: async () => {
      clearInterval(timer)
      await graph.inWrite((tx) => tx.run(releaseStatement, { holder }))
    },
  }
}

async function takeRow(
  graph: Graph,
  {
    holder,
    phase,
    source = null,
    say,
  }: { holder: string; phase: Phase; source?: string | null | undefined; say: (line: string) => void },
): Promise<Row> {
  const endAt = Date.now() + waitMsMax
  for (let tries = 1; ; tries += 1) {
    const [row = {}] = await patiently(() =>
      graph.inWrite((tx) => tx.run(takeStatement, { holder, phase, source })),
    )
    if (row['isFree'] === true) return row
    if (Date.now() > endAt) throw new RebuildRefused('This graph is being rebuilt by another process.')
    if (tries === 1) say('This graph is being rebuilt by another process: waiting whether it still lives.')
    await pause(lookEveryMs)
  }
}

const readStatement = cypher`
  MATCH (r:Rebuild {id: 'graph'})
  USING INDEX SEEK r:Rebuild(id)
  RETURN r.phase AS phase, r.source AS source, r.merged AS merged, r.before AS before,
    r.positionTime AS positionTime, r.positionId AS positionId, r.heldUntil > datetime() AS isHeld
`

/** What the mark says; undefined where no rebuild is under way or was interrupted. */
export async function readMark(graph: Graph): Promise<(MarkState & { isHeld: boolean }) | undefined> {
  const [row] = await patiently(() => graph.inRead((tx) => tx.run(readStatement)))
  return row === undefined ? undefined : { ...toState(row), isHeld: row['isHeld'] === true }
}

/** @throws {RebuildRefused} where the graph is not whole, and what is asked of it would miss something */
export async function refuseDuringRebuild(graph: Graph): Promise<void> {
  const mark = await readMark(graph)
  if (mark === undefined) return
  throw new RebuildRefused(
    'This graph is being rebuilt, or its rebuild was interrupted: which event belongs to which job is not known before it is done.',
  )
}

const setStatement = cypher`
  MATCH (r:Rebuild {id: 'graph', holder: $holder})
  USING INDEX SEEK r:Rebuild(id)
  SET r += $properties, r.heldUntil = datetime() + duration({seconds: 15})
  RETURN r.phase AS phase
`
const removeStatement = cypher`
  MATCH (r:Rebuild {id: 'graph', holder: $holder})
  USING INDEX SEEK r:Rebuild(id)
  DELETE r
`
const releaseStatement = cypher`
  MATCH (r:Rebuild {id: 'graph', holder: $holder})
  USING INDEX SEEK r:Rebuild(id)
  REMOVE r.holder, r.heldUntil
`

async function setMark(graph: Graph, holder: string, change: Partial<MarkState>): Promise<void> {
  const { phase, position, merged, before } = change
  const properties = {
    ...(phase !== undefined && { phase }),
    ...('position' in change && {
      positionTime: position === undefined ? null : toDateTime(position.time),
      positionId: position?.id ?? null,
    }),
    ...(merged !== undefined && { merged }),
    ...('before' in change && { before: before === undefined ? null : toDateTime(before) }),
  }
  const rows = await patiently(() => graph.inWrite((tx) => tx.run(setStatement, { holder, properties })))
  if (rows.length === 0)
    throw new RebuildRefused(
      'Another rebuild has taken over this graph: this one was not heard of for too long.',
    )
}

function toState(row: Record<string, unknown>): MarkState {
  const time = fromDateTime(row['positionTime'])
  const id = asText(row['positionId'])
  const phase = asText(row['phase'])
  return {
    phase: phase === 'WIPING' || phase === 'MERGING' ? phase : 'PAUSING',
    source: asText(row['source']),
    position: time === undefined || id === undefined ? undefined : { time, id },
    merged: Number(row['merged'] ?? 0),
    before: fromDateTime(row['before']),
  }
}
