import { fork } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Starts a script of the bench as a process of its own and talks with it over its channel, in messages such as `{ ready: 12 }`.
 * `onMessage` hears all of them.
 */
export function startChild(url, { stopSignal, onMessage = () => undefined }) {
  const path = fileURLToPath(url)
  const child = fork(path, { signal: stopSignal })
  const waiting = new Map()
  const fail = (reason) => {
    for (const { reject } of waiting.values()) reject(new Error(`${basename(path)} ${reason}`))
  }
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.on('error', ({ message }) => fail(`could not go on: ${message}`))
  child.on('close', (code) => fail(`ended with exit code ${code}.`))
  child.on('message', (message) => {
    onMessage(message)
    for (const [name, value] of Object.entries(message)) waiting.get(name)?.resolve(value)
  })
  return {
    pid: child.pid,
    ended,
    send: (message) => child.send(message),
    /** The next value that it tells under this name; ask before you send what it answers. */
    next: (name) => new Promise((resolve, reject) => waiting.set(name, { resolve, reject })),
    disconnect: () => child.disconnect(),
    kill: () => void child.kill(),
  }
}
