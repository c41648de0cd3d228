import type { LetterGroup } from '../../src/queue/dead-letter-groups.ts'
import type { DeadLetter, DeadLetters } from '../../src/queue/dead-letters.ts'
import type { Fault } from '../../src/queue/fault.ts'
import type { QueuedEvent } from '../../src/queue/queued-event.ts'

/** Dead letters in memory, for routes: Redis's are tested in `test/integration/queue.test.ts`. */
export function someDeadLetters(): DeadLetters {
  const letters = new Map<string, DeadLetter>()
  return {
    add: async (event: QueuedEvent, fault: Fault) => {
      const at = new Date().toISOString()
      const before = letters.get(event.id)
      const { id, bytes, label } = event
      letters.set(id, {
        id,
        event,
        ...fault,
        firstAt: before?.firstAt ?? at,
        lastAt: at,
        attempts: (before?.attempts ?? 0) + 1,
        bytes,
        ...(label !== undefined && { label }),
      })
      await Promise.resolve()
    },
    list: async ({ cursor, limit, filter = {}, newestFirst = false }) => {
      const all = [...letters.values()].filter(
        ({ kind, label }) =>
          (filter.kind === undefined || kind === filter.kind) &&
          (filter.producer === undefined || label?.producer.includes(filter.producer) === true),
      )
      const ordered = newestFirst ? all.toReversed() : all
      const start = cursor === undefined ? 0 : ordered.findIndex(({ id }) => id === cursor) + 1
      const page = ordered.slice(start, start + limit)
      const last = page.at(-1)
      const hasMore = start + limit < ordered.length && last !== undefined
      return await Promise.resolve(hasMore ? { letters: page, next: last.id } : { letters: page })
    },
    show: async (id) => await Promise.resolve(letters.get(id)),
    find: async (start) => await Promise.resolve([...letters.keys()].filter((id) => id.startsWith(start))),
    drop: async (id, onlyWith) => {
      const isSame = onlyWith === undefined || letters.get(id)?.attempts === onlyWith.attempts
      return await Promise.resolve(isSame && letters.delete(id))
    },
    count: async () => await Promise.resolve(letters.size),
    groups: async () => {
      const groups = new Map<string, LetterGroup>()
      for (const { kind, label } of letters.values()) {
        const producer = label?.producer ?? ''
        const key = `${kind} ${producer}`
        groups.set(key, { kind, producer, letters: (groups.get(key)?.letters ?? 0) + 1 })
      }
      return await Promise.resolve([...groups.values()])
    },
    close: () => {},
  }
}
