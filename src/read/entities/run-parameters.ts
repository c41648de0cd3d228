import type { Row } from '../../graph/connection.ts'
import type { Parameter } from '../../http/parameters.ts'
import type { EventType } from '../../openlineage/events.ts'
import type { CursorValues } from '../page.ts'
import { toShownMap } from './show-value.ts'

const states: readonly EventType[] = ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']

/** A state of a run; undefined for any. */
export function runState(description: string): Parameter<string | undefined> {
  return {
    schema: { type: 'string', enum: states },
    description,
    isRequired: false,
    read: ([value = '']) => states.find((state) => state === value.toUpperCase()),
    expected: `must be one of ${states.join(', ')}`,
  }
}

/** Where a list of runs by their beginning goes on. */
export function positionOfRun({ run }: Row): CursorValues {
  const { startedAt, runId } = toShownMap(run)
  return [String(startedAt), String(runId)]
}
