import { gunzipSync, gzipSync } from 'node:zlib'
import { isJsonObject } from '../openlineage/json-object.ts'
import type { Facts } from '../project/facts.ts'

/** Moves whenever what stands in a checkpoint can be read no more by whoever knew it before. */
const FORMAT = 1

/** A record of the checkpoint that this version cannot read. */
export class UnreadableCheckpoint extends Error {
  override readonly name = 'UnreadableCheckpoint'
}

/**
 * Facts as compressed text. Maps, sets and lists are marked, so that no name that a producer makes up can look like a mark; events are
 * left out.
 */
export function encodeFacts(facts: Facts): Buffer {
  const { events: _events, ...kept } = facts
  return gzipSync(JSON.stringify({ format: FORMAT, facts: toMarked(kept) }))
}

/** @throws {UnreadableCheckpoint} */
export function decodeFacts(payload: Buffer): Facts {
  const record: unknown = parse(payload)
  if (!isJsonObject(record) || record['format'] !== FORMAT)
    throw new UnreadableCheckpoint(
      `The checkpoint in the graph is not of format ${FORMAT}, which this version of Headwater reads: a newer one has written it. Use that one.`,
    )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by encodeFacts
  const kept = fromMarked(record['facts']) as Omit<Facts, 'events'>
  return { ...kept, events: new Map() }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(gunzipSync(payload).toString('utf8'))
  } catch (cause) {
    throw new UnreadableCheckpoint('A record of the checkpoint is damaged: it is no gzip stream of JSON.', {
      cause,
    })
  }
}

function toMarked(value: unknown): unknown {
  if (value instanceof Map) return ['M', ...[...value].map(([key, member]) => [key, toMarked(member)])]
  if (value instanceof Set) return ['S', ...value]
  if (Array.isArray(value)) return ['L', ...value.map(toMarked)]
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toMarked(member)]))
}

function toEntry([key, member]: unknown[]): [unknown, unknown] {
  return [key, fromMarked(member)]
}

function fromMarked(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [mark, ...members]: unknown[] = value
    if (mark === 'S') return new Set(members)
    if (mark === 'L') return members.map(fromMarked)
    return new Map(members.filter(Array.isArray).map(toEntry))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromMarked(member)]))
}
