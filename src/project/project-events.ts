import { emptyFacts, type Facts } from './facts.ts'
import { projectEvent, type ProjectOptions, type ReceivedEvent } from './project-event.ts'

/** Longest that events are projected without letting others in between, in milliseconds: such as a merge that hears from Neo4j. */
const sliceMsMax = 4

/** What a batch of events says. It is worked out a few events at a time, so that a batch can be made ready while another is merged. */
export async function projectEvents(
  events: Iterable<ReceivedEvent>,
  options: ProjectOptions,
): Promise<Facts> {
  const facts = emptyFacts()
  let sliceEndsAt = performance.now() + sliceMsMax
  for (const event of events) {
    projectEvent(facts, event, options)
    if (performance.now() < sliceEndsAt) continue
    await new Promise(setImmediate)
    sliceEndsAt = performance.now() + sliceMsMax
  }
  return facts
}
