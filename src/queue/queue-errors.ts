/** Redis does not answer, or not in time. The event may be sent again. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable'
}

/** The queue is above its high-water mark. The event may be sent again once the workers have caught up. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}
