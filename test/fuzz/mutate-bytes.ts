import type { Random } from './random.ts'

type Change = (bytes: Buffer, random: Random) => Buffer

const signs = Buffer.from('{}[]",:\\\u0000 \n0-e.tfn/\u00ff\ud83d')

const changes: readonly Change[] = [
  // A bit, a byte, a sign of JSON's.
  (bytes, random) => withByte(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  (bytes, random) => withByte(bytes, random, () => random.below(256)),
  (bytes, random) => withByte(bytes, random, () => random.pick([...signs])),
  // A piece goes, comes twice, is noise, or is cut off.
  (bytes, random) => splice(bytes, random, () => Buffer.alloc(0)),
  (bytes, random) => splice(bytes, random, (piece) => Buffer.concat([piece, piece])),
  (bytes, random) => splice(bytes, random, (piece) => random.bytes(piece.length)),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
]

function withByte(bytes: Buffer, random: Random, to: (byte: number) => number): Buffer {
  if (bytes.length === 0) return bytes
  const at = random.below(bytes.length)
  bytes.writeUInt8(to(bytes.readUInt8(at)) & 0xff, at)
  return bytes
}

const pieceBytesMax = 64

function splice(bytes: Buffer, random: Random, change: (piece: Buffer) => Buffer): Buffer {
  const start = random.below(bytes.length + 1)
  const end = Math.min(bytes.length, start + random.below(pieceBytesMax))
  return Buffer.concat([bytes.subarray(0, start), change(bytes.subarray(start, end)), bytes.subarray(end)])
}

/** Bytes with one to three of them changed, or a piece of them. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let changed = Buffer.from(bytes)
  for (let count = 1 + random.below(3); count > 0; count -= 1)
    changed = Buffer.from(random.pick(changes)(changed, random))
  return changed
}
