export interface EventRejection {
  eventId: string
  /** A sentence for the person who looks at the dead letter. */
  reason: string
  /** JSON pointer to the value at fault, where there is one. */
  pointer?: string
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

export function toSentence({ reason, pointer }: EventRejection): string {
  return pointer === undefined ? reason : `${reason} (at ${pointer})`
}
