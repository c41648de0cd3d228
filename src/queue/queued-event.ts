/** An accepted event on its way from the receiver to the graph. Several travel in one job of the queue. */
export interface QueuedEvent {
  /** SHA-256 (hex) of the event's inflated text as received. */
  id: string
  /** When the receiver had read it, ISO 8601 in UTC. */
  receivedAt: string
  /** The request that brought it, for the logs. */
  requestId: string
  /** The event's text as received, gzip, base64. */
  payload: string
  /** Bytes of the inflated text. */
  bytes: number
  /** JSON pointers of facets that break their schema: kept, but not interpreted. Absent where there are none. */
  brokenFacets?: string[]
  /** The kinds of what the receiver warned of. Absent where there was nothing. */
  warnings?: string[]
  /** What its dead letter tells a person without opening it. */
  label?: EventLabel
  /** By what it is followed on its way. Absent where nobody does. */
  trace?: EventTrace
}

/** What a worker needs to go on with the trace of an event. */
export interface EventTrace {
  /** W3C's name of the request that brought it. */
  traceparent: string
  /** Of a RunEvent. */
  runId?: string
}

/** Which event it is, in words short enough for a table. */
export interface EventLabel {
  producer: string
  /** The job or dataset that it speaks of. */
  subject: string
  /** As the event has it. */
  eventTime: string
  /** Of a RunEvent. */
  eventType?: string
}
