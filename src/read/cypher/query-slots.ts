import { Problem } from '../../http/problem.ts'

/** A few places for queries at a time. Who finds none is told at once: waiting would only hide that there are too many. */
export interface QuerySlots {
  /** @throws {Problem} `cypher-busy` where every place is taken, `cypher-forbidden` where there are none */
  hold<T>(work: () => Promise<T>): Promise<T>
}

export function createQuerySlots(max: number): QuerySlots {
  let taken = 0
  return {
    hold: async (work) => {
      if (max === 0)
        throw new Problem('cypher-forbidden', {
          detail: 'CYPHER_QUERIES_MAX of this collector is 0: it takes no queries.',
        })
      if (taken >= max)
        throw new Problem('cypher-busy', {
          detail: `${max} queries run already. Ask again when one has ended.`,
        })
      taken += 1
      try {
        return await work()
      } finally {
        taken -= 1
      }
    },
  }
}
