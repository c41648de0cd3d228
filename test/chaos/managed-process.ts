import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

export interface ProcessPlan {
  name: string
  command: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  logPath: string
  isReady: () => Promise<boolean>
}

const readyMsMax = 300_000
/** A drain takes 20 s at most, a shutdown of Neo4j somewhat more. */
const endMsMax = 90_000
const lookEveryMs = 100

/** A process that is ended in every way and started again. */
export class ManagedProcess {
  readonly name: string
  /** How often it ended though nobody had asked it to, after it had once been ready. */
  endedAlone = 0
  readonly #plan: ProcessPlan
  #child: ChildProcess | undefined
  #isMeant = false
  #wasReady = false
  #isRemoved = false

  constructor(plan: ProcessPlan) {
    this.name = plan.name
    this.#plan = plan
    // Whoever ends the tests ends what they have started.
    process.once('exit', () => this.#child?.kill('SIGKILL'))
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Starts it, again where it ends for want of another that is not there yet, and waits until it is ready. */
  async start(): Promise<void> {
    const endAt = Date.now() + readyMsMax
    for (;;) {
      if (this.#isRemoved) throw new Error(`${this.name} is not wanted any more`)
      if (!this.isRunning) this.#spawn()
      if ((await this.#plan.isReady()) && this.isRunning) break
      if (Date.now() > endAt) {
        throw new Error(`${this.name} is not ready after ${readyMsMax} ms; its log: ${this.#plan.logPath}`)
      }
      await pause(lookEveryMs)
    }
    this.#wasReady = true
  }

  /** Ends it as the kernel would, without a chance to tidy up. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks it to end, and waits. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** It stays, and does nothing. */
  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Ends it for good, also where it is being started. */
  async remove(): Promise<void> {
    this.#isRemoved = true
    await this.kill()
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || !this.isRunning) return
    this.#isMeant = true
    const isOver = once(child, 'exit')
    child.kill(signal)
    const isInTime = await Promise.race([isOver, pause(endMsMax, 'late', { ref: false })])
    if (isInTime === 'late') throw new Error(`${this.name} goes on ${endMsMax} ms after ${signal}`)
  }

  #spawn(): void {
    const { command, args, env, logPath } = this.#plan
    const log = openSync(logPath, 'a')
    const child = spawn(command, args, { env, stdio: ['ignore', log, log] })
    closeSync(log)
    this.#isMeant = false
    this.#wasReady = false
    this.#child = child
    child.once('exit', () => {
      if (this.#wasReady && !this.#isMeant) this.endedAlone += 1
    })
    // One that could not be started is not running: that it is never ready tells it.
    child.once('error', () => undefined)
  }
}
