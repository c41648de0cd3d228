import { MultiBar, Presets } from 'cli-progress'
import type { MaybeTerminal } from './look.ts'

/** How often a line tells the progress where there is no terminal. */
const lineEveryMs = 10_000

export interface Progress {
  /** How much is done, of how much where that is known better by now. */
  set(done: number, total?: number): void
  /** A line above the bar. */
  say: (line: string) => void
  stop(): void
}

export interface ProgressOptions {
  /** `export`, `import orders.ndjson`. */
  what: string
  /** What is counted. */
  unit: string
  total: number
  stream?: MaybeTerminal
}

/** Shows how far a long command is: a bar on a terminal, a line now and then elsewhere. On stderr, for stdout may be the result. */
export function showProgress({ stream = process.stderr, ...options }: ProgressOptions): Progress {
  return stream.isTTY === true ? showBar({ ...options, stream }) : showLines({ ...options, stream })
}

function showBar({ what, unit, total, stream }: Required<ProgressOptions>): Progress {
  const format = `${what} [{bar}] {percentage}% | {value} of {total} ${unit} | {duration_formatted}, {eta_formatted} to go`
  const bars = new MultiBar({ stream, format, hideCursor: true }, Presets.shades_grey)
  const bar = bars.create(total, 0)
  return {
    set(done, newTotal) {
      if (newTotal !== undefined && newTotal !== bar.getTotal()) bar.setTotal(newTotal)
      bar.update(done)
    },
    say: (line) => bars.log(`${line}\n`),
    stop: () => bars.stop(),
  }
}

function showLines({ what, unit, total, stream }: Required<ProgressOptions>): Progress {
  let saidAt = Date.now()
  let all = total
  return {
    set(done, newTotal) {
      all = newTotal ?? all
      if (Date.now() - saidAt < lineEveryMs) return
      saidAt = Date.now()
      const share = all === 0 ? '' : ` of about ${all} (${Math.floor((100 * done) / all)} %)`
      stream.write(`${what}: ${done}${share} ${unit}\n`)
    },
    say: (line) => void stream.write(`${line}\n`),
    stop: () => undefined,
  }
}
