import type { Fault } from './fault.ts'

export interface EventRejection extends Fault {
  eventId: string
}

/** Thrown by a merge that knows which events of its batch can never be merged; the others are tried again without them. */
export class EventRejected extends Error {
  override name = 'EventRejected'
  readonly rejections: readonly EventRejection[]

  constructor(rejections: readonly EventRejection[]) {
    super(rejections.map(toSentence).join('; '))
    this.rejections = rejections
  }
}

/** Several faults of one event as one, or the only one as it is; undefined where there is none. */
export function joinFaults(faults: readonly Fault[]): Fault | undefined {
  const [first] = faults
  if (first === undefined || faults.length === 1) return first
  return { ...first, reason: faults.map(toSentence).join('; ') }
}

function toSentence({ reason, pointer }: Fault): string {
  return pointer === undefined ? reason : `${reason} (at ${pointer})`
}
