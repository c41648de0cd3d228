export interface RegularLook {
  /** Begins no more looks; resolves when the one under way has ended. */
  stop(): Promise<void>
}

/**
 * Looks now, and then every so many milliseconds, once the look before has ended: where one has to wait for Redis or Neo4j, one is enough.
 * @param look never rejects
 */
export function lookRegularly(look: () => Promise<void>, everyMs: number): RegularLook {
  let looking: Promise<void> | undefined
  const lookOnce = () => {
    looking ??= look().finally(() => {
      looking = undefined
    })
  }
  lookOnce()
  const timer = setInterval(lookOnce, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
