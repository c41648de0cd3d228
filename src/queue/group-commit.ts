import { createCompany } from './company.ts'

export interface GroupCommit<T> {
  /** Resolves once the item is written, with whatever shared its group; rejects with what the write threw. */
  add(item: T): Promise<void>
  /** Waits for everything that was added. */
  close(): Promise<void>
}

export interface GroupCommitOptions<T> {
  write: (items: T[]) => Promise<void>
  sizeOf: (item: T) => number
  itemsMax: number
  bytesMax: number
  /** How long a write waits for company after another one, in milliseconds; 0 by default. */
  lingerMs?: number
  /** Longest wait of one item, its write included. */
  waitMsMax: number
  /** What an item that waited for too long is rejected with. */
  toTimeout: () => Error
}

interface Waiting<T> {
  item: T
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * Writes one group at a time. The first item of a quiet moment goes out at once, alone; what comes while a write is
 * under way, or shortly after it, goes out together, since a group costs about as much as a single item. So groups grow with the load.
 */
export function createGroupCommit<T>(options: GroupCommitOptions<T>): GroupCommit<T> {
  const line: Waiting<T>[] = []
  const closing = new AbortController()
  const company = createCompany(
    { count: () => line.length, countMax: options.itemsMax, lingerMs: options.lingerMs ?? 0 },
    closing.signal,
  )
  let writing: Promise<void> | undefined

  async function writeAll(): Promise<void> {
    while (line.length > 0) {
      await writeGroup(takeGroup(line, options), options)
      await company.awaited()
    }
    writing = undefined
  }

  return {
    async add(item) {
      await new Promise<void>((resolve, reject) => {
        const waiting = toTimedWaiting({ item, resolve, reject }, line, options)
        line.push(waiting)
        company.came()
        writing ??= writeAll()
      })
    },
    async close() {
      closing.abort()
      await writing
    },
  }
}

/** An item whose wait has ended leaves the line: its sender was told that it is not queued. */
function toTimedWaiting<T>(
  { item, resolve, reject }: Waiting<T>,
  line: Waiting<T>[],
  { waitMsMax, toTimeout }: GroupCommitOptions<T>,
): Waiting<T> {
  const timer = setTimeout(() => {
    const position = line.indexOf(waiting)
    if (position >= 0) line.splice(position, 1)
    reject(toTimeout())
  }, waitMsMax)
  const waiting = {
    item,
    resolve: () => {
      clearTimeout(timer)
      resolve()
    },
    reject: (error: unknown) => {
      clearTimeout(timer)
      reject(error)
    },
  }
  return waiting
}

function takeGroup<T>(
  line: Waiting<T>[],
  { sizeOf, itemsMax, bytesMax }: GroupCommitOptions<T>,
): Waiting<T>[] {
  let count = 0
  let bytes = 0
  for (const { item } of line) {
    bytes += sizeOf(item)
    const isFull = count === itemsMax || (count > 0 && bytes > bytesMax)
    if (isFull) break
    count += 1
  }
  return line.splice(0, count)
}

async function writeGroup<T>(group: Waiting<T>[], { write }: GroupCommitOptions<T>): Promise<void> {
  try {
    await write(group.map(({ item }) => item))
    for (const { resolve } of group) resolve()
  } catch (error) {
    for (const { reject } of group) reject(error)
  }
}
