import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, rmSync, writeFileSync } from 'node:fs'
import { ChildLog } from './child-log.ts'
import type { Environment } from './find-program.ts'
import { pause } from './pause.ts'
import { describeProcess } from './process-record.ts'
import { readyMessage } from './supervisor-link.ts'

const lastLinesMax = 6
/** How long after SIGKILL a process may take to be gone. */
const killedMsMax = 5000

export interface ChildPlan {
  /** As the terminal calls it: 'Redis'. */
  name: string
  command: string
  args: readonly string[]
  env: Environment
  pidPath: string
  logPath: string
  /** Sees every line that the child writes into its log. */
  onLine?: (line: string) => void
  isReady: (child: { hasSaidReady: boolean }) => Promise<boolean>
  readyMsMax: number
  /** After SIGTERM; then follows SIGKILL. */
  stopMsMax: number
}

/** A process of ours, from its start to its end. */
export class Child {
  readonly #process: ChildProcess
  readonly #lastLines: string[] = []
  #ending: string | undefined
  #hasSaidReady = false
  /** Resolves when it has ended, with how: 'exit code 1'. */
  readonly ended: Promise<string>

  constructor(plan: ChildPlan) {
    const log = new ChildLog(plan.logPath, (line) => this.#hear(line, plan))
    const output = log.open()
    // A process group of its own: the terminal's Ctrl-C reaches us alone, and we stop them in order.
    this.#process = spawn(plan.command, plan.args, {
      env: { ...plan.env },
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
    this.#process.on('message', (message) => (this.#hasSaidReady ||= message === readyMessage))
    this.#record(plan.pidPath)
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        log.close()
        this.#ending = how
        rmSync(plan.pidPath, { force: true })
        resolve(how)
      }
      // Later errors are of signals and messages that no longer reach it; it has started then.
      this.#process.on('error', (error) => this.#process.pid === undefined && end(error.message))
      this.#process.once('close', (code, signal) =>
        end(signal === null ? `exit code ${code}` : `killed by ${signal}`),
      )
    })
  }

  get isEnded(): boolean {
    return this.#ending !== undefined
  }

  /** Whether it called tellSupervisorReady. */
  get hasSaidReady(): boolean {
    return this.#hasSaidReady
  }

  /** What it wrote last, without stack traces. */
  get lastLines(): readonly string[] {
    return this.#lastLines
  }

  /** Asks it to end, and makes it where it does not within the time. */
  async end(stopMsMax: number): Promise<void> {
    if (this.isEnded) return
    this.#process.kill('SIGTERM')
    if (await this.#endsWithin(stopMsMax)) return
    this.#process.kill('SIGKILL')
    await this.#endsWithin(killedMsMax)
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const waiting = new AbortController()
    await Promise.race([this.ended, pause(ms, waiting.signal)])
    waiting.abort()
    return this.isEnded
  }

  #hear(line: string, plan: ChildPlan): void {
    plan.onLine?.(line)
    if (/^\s+at |^\s*\.\.\. \d+ more|^\s*$/.test(line)) return
    this.#lastLines.push(line)
    if (this.#lastLines.length > lastLinesMax) this.#lastLines.shift()
  }

  #record(pidPath: string): void {
    const record = this.#process.pid === undefined ? undefined : describeProcess(this.#process.pid)
    if (record === undefined) return
    try {
      writeFileSync(pidPath, JSON.stringify(record), { mode: 0o600 })
    } catch {
      // A full disk: should we be killed now, the next start would find the port busy instead of the process.
    }
  }
}
