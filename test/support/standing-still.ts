import { setTimeout as pause } from 'node:timers/promises'
import type { Graph } from '../../src/graph/connection.ts'
import { isPassingTrouble } from '../../src/graph/passing-trouble.ts'
import { mergeEvents } from './merge-events.ts'
import type { ReceivedEvent } from '../../src/project/project-event.ts'

/** How long one transaction stands still, so that the other comes as far as the locks let it. */
export const standstillMs = 120

/** A graph whose transactions stand still before their statement of this number, or before they commit if they send fewer. */
export function standingStillAt(graph: Graph, statement: number): Graph {
  return {
    ...graph,
    inWrite: (work) =>
      graph.inWrite(async (tx) => {
        let count = 0
        const result = await work({
          run: async (text, parameters) => {
            if (count++ === statement) await pause(standstillMs)
            return await tx.run(text, parameters)
          },
        })
        if (count <= statement) await pause(standstillMs)
        return result
      }),
  }
}

export async function mergeUntilDone(target: Graph, batch: readonly ReceivedEvent[]): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await mergeEvents(target, batch, { facetBytesMax: 262_144 })
      return
    } catch (error) {
      if (!isPassingTrouble(error)) throw error
    }
  }
  throw new Error('the batch was not merged after 20 attempts')
}
