import type { DeadLetters } from '../queue/dead-letters.ts'
import { sweepDeadLetters } from '../queue/retry-dead-letters.ts'
import type { LetterSelection } from './letter-selection.ts'

/** Letters that one request acts on; who has more asks again. */
const lettersMax = 1000

export interface SelectionAnswer {
  done: number
  /** Ids that no letter has. */
  unknown?: string[]
  /** Where letters are left: send the same selection with this cursor and this `to`. */
  next?: string
  to?: string
}

/** Acts on each selected letter that was there when the sweep began: `to` keeps out what fails again meanwhile. */
export async function actOnSelection(
  deadLetters: Pick<DeadLetters, 'list'>,
  selection: LetterSelection,
  act: (letter: { id: string }) => Promise<boolean>,
): Promise<SelectionAnswer> {
  if ('ids' in selection) return await actOnEach(selection.ids, act)
  const { filter, cursor } = selection
  const to = filter.to ?? new Date().toISOString()
  const sweep = await sweepDeadLetters({ deadLetters, filter: { ...filter, to }, cursor, lettersMax, act })
  return sweep.next === undefined ? sweep : { ...sweep, to }
}

async function actOnEach(
  ids: readonly string[],
  act: (letter: { id: string }) => Promise<boolean>,
): Promise<SelectionAnswer> {
  const unknown: string[] = []
  // One by one: their events may be large, and nobody waits for this.
  for (const id of ids) if (!(await act({ id }))) unknown.push(id)
  return { done: ids.length - unknown.length, ...(unknown.length > 0 && { unknown }) }
}
