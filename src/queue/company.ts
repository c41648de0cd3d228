/** What waits for company. */
export interface Line {
  /** How many are in it now. */
  count: () => number
  /** How many go together at most. */
  countMax: number
  /** Longest wait, in milliseconds; 0 is none. */
  lingerMs: number
}

export interface Company {
  /** Resolves after the longest wait, or once there is company enough, or when told to hurry: at once where one of these holds already. */
  awaited(): Promise<void>
  /** Whether the line has got longer by enough: then the waits end. */
  came(): void
}

/** A line as long as this part of what goes together waits for nobody. */
const partThatIsEnough = 1 / 4

/**
 * What waits for more to come before it goes on. A batch has a price of its own, whatever is in it, so that a few events together cost
 * far less than one after the other.
 */
export function createCompany({ count, countMax, lingerMs }: Line, hurry: AbortSignal): Company {
  const waits = new Set<() => void>()
  hurry.addEventListener('abort', endAll, { once: true })

  const isEnough = () => count() >= countMax * partThatIsEnough

  function endAll(): void {
    for (const end of waits) end()
  }

  return {
    async awaited() {
      if (lingerMs === 0 || hurry.aborted || isEnough()) return
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waits.delete(end)
          resolve()
        }
        const timer = setTimeout(end, lingerMs)
        waits.add(end)
      })
    },
    came() {
      if (isEnough()) endAll()
    },
  }
}
