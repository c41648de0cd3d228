/** Runs `work` again and again, `ms` after its last end, until the function it returns is called. */
export function repeat(work: () => Promise<void>, ms: number): () => void {
  let closed = false
  let timer: NodeJS.Timeout
  const next = () => {
    timer = setTimeout(() => {
      void work().finally(() => {
        if (!closed) next()
      })
    }, ms).unref()
  }
  next()
  return () => {
    closed = true
    clearTimeout(timer)
  }
}
