import type { Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import type { Logger } from '../logger.ts'
import { lookRegularly } from '../queue/look-regularly.ts'
import { reapRuns } from '../retention/reap-runs.ts'
import { addRemoved, noneRemoved, retain } from '../retention/retain.ts'
import type { RetentionNotes } from '../retention/retention-notes.ts'
import { takeTurn, TurnRefused, type Turn, type TurnName } from '../retention/take-turn.ts'
import { createToFacts, isRetaining, toInstantBefore, toRetentionLimits } from './retention-parts.ts'
import type { Role } from './role.ts'

/** Looks so often whether its turn has come: one small statement. */
const lookEveryMs = 60_000
const reapEverySeconds = 600

interface Parts {
  graph: Graph
  notes: RetentionNotes
  log: Logger
}

/** Removes what the settings do not keep, and marks lost runs, whenever it is due and no other worker does it. */
export function startRetention(
  config: Config,
  parts: Parts,
  { everyMs = lookEveryMs }: { everyMs?: number } = {},
): Role {
  const stopping = new AbortController()
  const due = toDue(config, parts, stopping.signal)
  if (due.length === 0) return { close: async () => undefined }
  const looks = lookRegularly(async () => await lookForTurns(due, parts, stopping.signal), everyMs)
  return {
    async close() {
      stopping.abort()
      await looks.stop()
    },
  }
}

interface Due {
  name: TurnName
  everySeconds: number
  work: (turn: Turn) => Promise<void>
}

function toDue(config: Config, { graph, notes, log }: Parts, signal: AbortSignal): Due[] {
  const retention: Due = {
    name: 'retention',
    everySeconds: config.retentionEveryHours * 3600,
    work: async ({ confirm }) => {
      const counts = noneRemoved()
      const toFacts = await createToFacts(config)
      await retain(graph, {
        limits: toRetentionLimits(config, Date.now()),
        toFacts,
        confirm,
        onRemoved: (removed) => {
          notes.removed(removed)
          addRemoved(counts, removed)
        },
        onUnreadable: (event) => log.warn({ event }, 'event cannot be read any more and is kept'),
        signal,
      })
      log.info(counts, 'retention done')
    },
  }
  const reaper: Due = {
    name: 'reaper',
    everySeconds: reapEverySeconds,
    work: async ({ confirm }) => {
      const heardBefore = toInstantBefore(Date.now(), config.reapAfterHours)
      const runs = await reapRuns(graph, { heardBefore, confirm, signal })
      notes.presumedLost(runs)
      if (runs > 0) log.info({ runs }, 'runs presumed lost')
    },
  }
  return [...(config.reapAfterHours > 0 ? [reaper] : []), ...(isRetaining(config) ? [retention] : [])]
}

async function lookForTurns(due: readonly Due[], parts: Parts, signal: AbortSignal): Promise<void> {
  for (const one of due) {
    if (signal.aborted) return
    await takeItsTurn(one, parts, signal)
  }
}

async function takeItsTurn(
  { name, everySeconds, work }: Due,
  { graph, notes, log }: Parts,
  signal: AbortSignal,
): Promise<void> {
  let turn: Turn | undefined
  let isDone = false
  try {
    turn = await takeTurn(graph, { name, everySeconds })
    if (turn === undefined) return
    await work(turn)
    isDone = true
  } catch (error) {
    if (signal.aborted) return
    const isRefused = error instanceof TurnRefused
    log[isRefused ? 'info' : 'error']({ err: error, turn: name }, 'turn was not finished; it is tried again')
  } finally {
    if (turn !== undefined) {
      if (!signal.aborted) notes.turnEnded({ name, isDone })
      await turn.end({ isDone }).catch(() => undefined)
    }
  }
}
