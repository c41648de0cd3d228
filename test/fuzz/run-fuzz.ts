import { emptyFacts, type Facts } from '../../src/project/facts.ts'
import { projectEvent } from '../../src/project/project-event.ts'
import { EventRejected } from '../../src/queue/event-rejected.ts'
import type { QueuedEvent } from '../../src/queue/queued-event.ts'
import { openEvents } from '../../src/roles/open-event.ts'
import { readConfig } from '../../src/config.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { createEventValidator } from '../../src/validate/validate-event.ts'
import { startReceiver } from '../unit/receive/receiver.ts'
import { makeInputs, type Input } from './inputs.ts'
import { readSeedTexts } from './seed-events.ts'
import { sendInput, type Outcome } from './send-input.ts'

export interface FuzzReport {
  inputs: number
  /** By kind of input, then by status; `closed` where there was no answer. */
  counts: Map<string, Map<string, number>>
  /** What must not be: a 500, an unexpected problem, a hang, an answer to what is ambiguous. */
  faults: string[]
  /** Lines of the log at level error. */
  errors: string[]
  accepted: number
  projected: number
  /** Accepted, and then refused by the worker with a reason. */
  deadLetters: number
}

const mib = 1024 * 1024
const atOnce = 8
/** Accepted events whose facts are made together, as a worker does. */
const batchEvents = 20
const warnLevel = 40

/** Sends inputs to a receiver of its own, and makes facts of what it takes. */
export async function runFuzz({ seed, count }: { seed: number; count: number }): Promise<FuzzReport> {
  const report: FuzzReport = {
    inputs: 0,
    counts: new Map(),
    faults: [],
    errors: [],
    accepted: 0,
    projected: 0,
    deadLetters: 0,
  }
  const { redactNames: names, redactParameters: parameters } = readConfig({})
  const receiver = await startReceiver({
    validate: createEventValidator({ strict: false }),
    redact: createRedactor({ names, parameters }),
    bodyBytesMax: 8 * mib,
    answerMsMax: 10_000,
    limits: { connectionsMax: 1000, headerBytesMax: 16 * 1024, headersMsMax: 4000, requestMsMax: 6000 },
    logLevel: 'warn',
  })
  const projector = createProjector(report)
  const inputs = makeInputs(readSeedTexts(), { seed, count })
  const sendNext = async () => {
    for (const input of inputs) {
      report.inputs += 1
      await tryInput(receiver.port, input, report)
      for (const event of receiver.queued.splice(0)) projector.take(event, input)
      report.errors.push(...receiver.logged.splice(0).filter((line) => JSON.parse(line).level > warnLevel))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendNext)).catch(async (error: unknown) => {
    await receiver.close()
    throw error
  })
  const alive = await sendInput(receiver.port, { kind: 'alive', method: 'GET', path: '/health/live' })
  if (alive.statuses[0] !== 200) report.faults.push('the receiver does not answer any more')
  await receiver.close()
  return report
}

async function tryInput(port: number, input: Input, report: FuzzReport): Promise<void> {
  const startedAt = performance.now()
  const outcome = await sendInput(port, input).catch((error: unknown) => error)
  if (outcome instanceof Error) {
    // A connection that the receiver closed: what came of it shows at the next request.
    const isClosed =
      'code' in outcome &&
      ['ECONNRESET', 'EPIPE', 'ERR_INVALID_CHAR', 'ERR_UNESCAPED_CHARACTERS'].includes(String(outcome.code))
    if (!isClosed) report.faults.push(`${describe(input)}: ${outcome.message}`)
    countOutcome(report, input.kind, isClosed ? 'closed' : 'hung')
    return
  }
  const { statuses, text } = outcome as Outcome
  for (const status of statuses.length === 0 ? ['closed'] : statuses)
    countOutcome(report, input.kind, String(status))
  const fault = toFault(input, { statuses, text })
  if (fault !== undefined)
    report.faults.push(`${describe(input)}: ${fault} (${Math.round(performance.now() - startedAt)} ms)`)
}

function toFault(input: Input, { statuses, text }: Outcome): string | undefined {
  const bad = statuses.find((status) => status === 500 || (status > 500 && status !== 503))
  if (bad !== undefined) return `was answered ${bad}`
  if (text.includes('/problems/unexpected')) return 'was unexpected'
  // Our own answers have this header: the request was read as one.
  if (input.isAmbiguous === true && /x-request-id/i.test(text)) return 'was read as a request'
  return undefined
}

function countOutcome({ counts }: FuzzReport, kind: string, status: string): void {
  const ofKind = counts.get(kind) ?? new Map<string, number>()
  counts.set(kind, ofKind.set(status, (ofKind.get(status) ?? 0) + 1))
}

function createProjector(report: FuzzReport) {
  let facts: Facts = emptyFacts()
  let taken = 0
  return {
    take(event: QueuedEvent, input: Input) {
      report.accepted += 1
      try {
        const [opened] = openEvents([event], { eventAheadHoursMax: 24 })
        if (opened === undefined) throw new Error('it was not opened')
        if (taken % batchEvents === 0) facts = emptyFacts()
        taken += 1
        projectEvent(facts, opened, { facetBytesMax: 256 * 1024 })
        report.projected += 1
      } catch (error) {
        if (error instanceof EventRejected && error.rejections.every(({ kind }) => kind === 'EVENT_AHEAD'))
          report.deadLetters += 1
        else report.faults.push(`${describe(input)}: was accepted, and not projected: ${String(error)}`)
      }
    },
  }
}

/** What is wrong is sent again by hand: as much of it as fits a line. */
function describe({ kind, method = 'POST', path = '', body, pieces }: Input): string {
  const sent = body ?? Buffer.concat((pieces ?? []).map(({ bytes }) => bytes))
  return `${kind} ${method} ${path} ${JSON.stringify(sent.toString('latin1').slice(0, describedCharsMax))}`
}

const describedCharsMax = 2000

/** The counts as a table in Markdown. */
export function toTable({ counts }: FuzzReport): string {
  const statuses = [...new Set([...counts.values()].flatMap((ofKind) => [...ofKind.keys()]))].toSorted()
  const rows = [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, ofKind]) => [kind, ...statuses.map((status) => String(ofKind.get(status) ?? ''))])
  const lines = [['kind', ...statuses], ['---', ...statuses.map(() => '---:')], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
