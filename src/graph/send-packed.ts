import { channel, packstream, type Packer } from './bolt-package.ts'
import { packValue } from './pack-value.ts'

/** A value that is packed already. To the driver it looks like a byte array, of which it is told to write no more than the bytes. */
class PackedValue extends Int8Array {}

const { prototype } = packstream.v1.Packer
// oxlint-disable-next-line typescript/unbound-method -- called with the packer that it belongs to
const packBytes = prototype.packBytes

// The driver has no other place where bytes that are packed could be handed in.
prototype.packBytes = function packBytesOrValue(this: Packer, bytes: Int8Array): void {
  if (bytes instanceof PackedValue)
    // oxlint-disable-next-line no-underscore-dangle -- the driver has it so
    this._ch.writeBytes(channel.alloc(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)))
  else packBytes.call(this, bytes)
}

/** Parameters of a statement, with those that are lists or maps packed. */
export function toPackedParameters(parameters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, toPacked(value)]))
}

function toPacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const packed = packValue(value)
  if (packed === undefined) return value
  const { buffer, byteOffset, length } = packed
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a Buffer that was allocated
  return new PackedValue(buffer as ArrayBuffer, byteOffset, length)
}
