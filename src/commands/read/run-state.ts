import type { Style } from '../look.ts'

const styles: Readonly<Record<string, Style>> = {
  COMPLETE: 'green',
  FAIL: 'red',
  ABORT: 'yellow',
  START: 'cyan',
  RUNNING: 'cyan',
}

/** The colour in which a run's state stands. */
export function styleOfState(state: unknown): Style | undefined {
  return typeof state === 'string' ? styles[state] : undefined
}
