/** The kinds of trouble that make a dead letter, each with what it means and what to do. */
export const faultKinds = {
  EVENT_AHEAD: {
    meaning: 'The eventTime lies further ahead of the arrival than EVENT_AHEAD_HOURS_MAX allows.',
    advice:
      'Correct the clock or time zone of the producer; then edit the eventTime of this event and retry it, or drop it.',
  },
  TEXT_DAMAGED: {
    meaning: 'The text that the queue gave back is not the one that was accepted.',
    advice:
      'Have the producer send the event again if it can, then drop this letter. Look at the Redis of the queue.',
  },
  WORKER_ENDED: {
    meaning: 'Workers ended again and again while they merged this event alone.',
    advice:
      'Give the workers more memory, or edit the event: leave out its largest facets. Then retry it. The log of the worker says more.',
  },
  MERGE_FAILED: {
    meaning: 'The graph cannot take this event, now or later.',
    advice:
      'The reason is that of the merge. Look whether a value is odd or very long, edit the event and retry it; or retry it after an update of Headwater.',
  },
} as const

export type FaultKind = keyof typeof faultKinds

/** Why an event failed for good. */
export interface Fault {
  kind: FaultKind
  /** A sentence for the person who looks at the dead letter. */
  reason: string
  /** JSON pointer to the value at fault, where there is one. */
  pointer?: string
}

export function isFaultKind(text: unknown): text is FaultKind {
  return typeof text === 'string' && Object.hasOwn(faultKinds, text)
}
