const pauseMs = 20

/** Waits until it is so; the test fails when it does not come. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  { withinMs = 20_000 }: { withinMs?: number } = {},
): Promise<void> {
  const endAt = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > endAt) throw new Error(`not so within ${withinMs} ms: ${isSo.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
