import { toQuantiles } from '../measure/summary.mjs'

/** Bodies above this are told of apart: among small ones, one of them would be all that the last per cent shows. */
export const largeBytes = 1024 * 1024

/** What became of the requests of a load. */
export function createRecord({ onVisible }) {
  const latencies = { small: [], large: [] }
  const statuses = {}
  const timeline = []
  let firstRefusal
  let startedAt = 0
  let answered = 0
  let lastAt = 0
  return {
    begin() {
      startedAt = performance.now()
      lastAt = startedAt
    },
    add({ bodyBytes, id }, sentAt, { status, body }) {
      lastAt = performance.now()
      answered += 1
      latencies[bodyBytes > largeBytes ? 'large' : 'small'].push(lastAt - sentAt)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status !== 201) firstRefusal ??= `${status} ${body}`
      else if (id !== undefined) onVisible({ id, acceptedAtMs: performance.timeOrigin + lastAt })
    },
    /** Notes how many are answered by now. */
    look() {
      timeline.push([performance.now() - startedAt, answered])
    },
    toResult() {
      return {
        startedAtMs: performance.timeOrigin + startedAt,
        sendMs: lastAt - startedAt,
        answered,
        accepted: statuses[201] ?? 0,
        statuses,
        firstRefusal,
        timeline,
        latencyMs: toQuantiles(latencies.small),
        largeLatencyMs: latencies.large.length === 0 ? undefined : toQuantiles(latencies.large),
      }
    },
  }
}
