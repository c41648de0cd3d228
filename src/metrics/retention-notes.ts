import { Counter, Gauge, type Registry } from 'prom-client'
import type { RetentionNotes } from '../retention/retention-notes.ts'

const kinds = {
  events: 'Event',
  runs: 'Run',
  datasetVersions: 'DatasetVersion',
  testResults: 'TestResult',
} as const

/** What a worker counts of what it does not keep. */
export function createRetentionNotes(registry: Registry, now: () => number = Date.now): RetentionNotes {
  const registers = [registry]
  const removed = new Counter({
    name: 'headwater_retention_removed_total',
    help: 'Nodes that retention has removed, by label.',
    labelNames: ['label'],
    registers,
  })
  const turns = new Counter({
    name: 'headwater_retention_turns_total',
    help: 'Turns of retention and of the reaper that this worker had, by what became of them.',
    labelNames: ['turn', 'outcome'],
    registers,
  })
  const doneAt = new Gauge({
    name: 'headwater_retention_done_timestamp_seconds',
    help: 'When this worker last came to the end of a turn of retention; 0 where it had none.',
    registers,
  })
  const lost = new Counter({
    name: 'headwater_runs_presumed_lost_total',
    help: 'Runs that were marked as presumed lost.',
    registers,
  })
  for (const label of Object.values(kinds)) removed.inc({ label }, 0)
  for (const turn of ['retention', 'reaper'])
    for (const outcome of ['done', 'failed']) turns.inc({ turn, outcome }, 0)
  return {
    removed: (counts) => {
      removed.inc({ label: kinds.events }, counts.events)
      removed.inc({ label: kinds.runs }, counts.runs)
      removed.inc({ label: kinds.datasetVersions }, counts.datasetVersions)
      removed.inc({ label: kinds.testResults }, counts.testResults)
    },
    turnEnded: ({ name, isDone }) => {
      turns.inc({ turn: name, outcome: isDone ? 'done' : 'failed' })
      if (name === 'retention' && isDone) doneAt.set(Math.floor(now() / 1000))
    },
    presumedLost: (runs) => lost.inc(runs),
  }
}
