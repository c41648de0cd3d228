/** What a role sends to the `headwater up` that started it, once it works. */
export const readyMessage = 'ready'

/** Tells the `headwater up` that started this process, if one did, that it works now. */
export function tellSupervisorReady(): void {
  process.send?.(readyMessage)
}

/** Calls back when the `headwater up` that started this process is gone, even by SIGKILL; never without one. */
export function onSupervisorGone(callback: () => void): void {
  if (process.send === undefined) return
  process.once('disconnect', callback)
  // Listening would else keep a process alive that has nothing left to do.
  process.channel?.unref()
}
