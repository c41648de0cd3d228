/**
 * Waits for `work`, but no longer than `ms`; then rejects with what `late` makes.
 * The work itself goes on, and nobody hears of its end.
 */
export async function withDeadline<T>(
  work: Promise<T>,
  { ms, late }: { ms: number; late: () => Error },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(late())
    }, ms)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
