import { createHash } from 'node:crypto'

/**
 * Random numbers from 0 to 1 (mulberry32) that depend on the seed and a label alone, so that what is generated does not depend on the
 * order in which it is.
 */
export function randomOf(seed, label) {
  let state = digestOf(seed, label).readUInt32LE(0)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An id with the shape of a UUIDv7: the time leads, the label decides the rest. */
export function uuidOf(seed, label, atMs) {
  const bytes = digestOf(seed, label).subarray(0, 16)
  bytes.writeUIntBE(atMs, 0, 6)
  bytes[6] = 0x70 | (bytes[6] & 0x0f)
  bytes[8] = 0x80 | (bytes[8] & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** One of a list. */
export function pick(random, list) {
  return list[Math.floor(random() * list.length)]
}

function digestOf(seed, label) {
  return createHash('sha256').update(`${seed}/${label}`).digest()
}
