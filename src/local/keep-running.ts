import { Child, type ChildPlan } from './child.ts'
import { LocalError } from './local-error.ts'
import { pause } from './pause.ts'
import { toRestartPauseMs, wellAfterMs } from './restart-pause.ts'

const probeEveryMs = 250

export interface Supervision {
  say: (line: string) => void
  stopSignal: AbortSignal
}

export interface KeptChild {
  readonly name: string
  stop(): Promise<void>
}

/**
 * Starts a child, waits until it is ready, and from then on starts it again whenever it ends.
 * @throws {LocalError} where it does not become ready the first time
 */
export async function keepRunning(plan: ChildPlan, supervision: Supervision): Promise<KeptChild> {
  const startedAt = performance.now()
  const first = new Child(plan)
  try {
    await untilReady(first, plan, supervision.stopSignal)
  } catch (error) {
    await first.end(plan.stopMsMax)
    throw error
  }
  supervision.say(`${plan.name} is ready after ${toSeconds(performance.now() - startedAt)}.`)
  return new Keeper(plan, first, supervision.say)
}

class Keeper implements KeptChild {
  readonly name: string
  readonly #plan: ChildPlan
  readonly #say: (line: string) => void
  readonly #stopping = new AbortController()
  readonly #life: Promise<void>
  #child: Child

  constructor(plan: ChildPlan, first: Child, say: (line: string) => void) {
    this.name = plan.name
    this.#plan = plan
    this.#child = first
    this.#say = say
    this.#life = this.#keep()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#child.end(this.#plan.stopMsMax)
    await this.#life
  }

  async #keep(): Promise<void> {
    let endings = 0
    let startedAt = performance.now()
    while (true) {
      const how = await this.#child.ended
      if (this.#stopping.signal.aborted) return
      const endedAt = performance.now()
      endings = endedAt - startedAt >= wellAfterMs ? 1 : endings + 1
      const pauseMs = toRestartPauseMs(endings)
      this.#say(
        `${this.name} ended (${how}); it is started again in ${toSeconds(pauseMs)}. Its log: ${this.#plan.logPath}`,
      )
      await pause(pauseMs, this.#stopping.signal)
      if (this.#stopping.signal.aborted) return
      startedAt = performance.now()
      this.#child = new Child(this.#plan)
      await this.#awaitReturn(endedAt)
    }
  }

  /** A child that is not ready in time is ended, which counts as one more ending. */
  async #awaitReturn(endedAt: number): Promise<void> {
    try {
      await untilReady(this.#child, this.#plan, this.#stopping.signal)
      this.#say(`${this.name} is back, ${toSeconds(performance.now() - endedAt)} after it ended.`)
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#say(error instanceof Error ? error.message : String(error))
      await this.#child.end(this.#plan.stopMsMax)
    }
  }
}

/** @throws {LocalError} where the child ends, or is not ready in its time */
async function untilReady(child: Child, plan: ChildPlan, stopSignal: AbortSignal): Promise<void> {
  const latest = performance.now() + plan.readyMsMax
  while (performance.now() < latest) {
    stopSignal.throwIfAborted()
    if (child.isEnded)
      throw toStartError(child, plan, `${plan.name} ended while starting (${await child.ended}).`)
    if (await plan.isReady(child)) {
      // What answered may be another's, where the child is gone.
      if (!child.isEnded) return
      continue
    }
    await pause(probeEveryMs, stopSignal)
  }
  throw toStartError(child, plan, `${plan.name} is not ready after ${toSeconds(plan.readyMsMax)}.`)
}

function toStartError({ lastLines }: Child, { logPath }: ChildPlan, sentence: string): LocalError {
  const said = lastLines.length === 0 ? '' : ` It said:\n${lastLines.map((line) => `  ${line}`).join('\n')}\n`
  return new LocalError(`${sentence}${said} Its log: ${logPath}`)
}

function toSeconds(ms: number): string {
  return ms < 10_000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Math.round(ms / 1000)} s`
}
