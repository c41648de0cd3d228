const pauseMsMin = 1000
const pauseMsMax = 30_000
/** A child that lived this long was well: its next end starts the count anew. */
export const wellAfterMs = 60_000

/** The pause before a child is started again: 1 s, 2 s, 4 s … 30 s, by how often in a row it ended soon. */
export function toRestartPauseMs(endings: number): number {
  return Math.min(pauseMsMax, pauseMsMin * 2 ** Math.max(0, endings - 1))
}
