export interface Company {
  /** Resolves after the longest wait, or once there is company enough, or when told to hurry. */
  awaited(): Promise<void>
  /** Ends the waits: there is enough. */
  came(): void
}

/**
 * What waits for more to come before it goes on. A batch has a price of its own, whatever is in it, so that a few events together cost
 * far less than one after the other.
 * @param msMax longest wait, in milliseconds; 0 is none
 */
export function createCompany(msMax: number, hurry: AbortSignal): Company {
  const waits = new Set<() => void>()
  hurry.addEventListener('abort', endAll, { once: true })

  function endAll(): void {
    for (const end of waits) end()
  }

  return {
    async awaited() {
      if (msMax === 0 || hurry.aborted) return
      await new Promise<void>((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waits.delete(end)
          resolve()
        }
        const timer = setTimeout(end, msMax)
        waits.add(end)
      })
    },
    came: endAll,
  }
}
