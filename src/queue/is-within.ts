/** Whether a task ends well within so many milliseconds; it goes on all the same. Rejects where the task does so first. */
export async function isWithin(task: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const done = task.then(() => true)
  return await Promise.race([done, late]).finally(() => clearTimeout(timer))
}
