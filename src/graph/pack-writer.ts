/** Writes PackStream, one value after the other. */
export interface PackWriter {
  /** Forgets what was written. */
  restart(): void
  /** What was written since then, in bytes of its own. */
  take(): Buffer
  nothing(): void
  boolean(value: boolean): void
  float(value: number): void
  /** A 64-bit integer by its halves, in as few bytes as hold it. */
  integer(high: number, low: number): void
  text(value: string): void
  /** The name of a member of a map: there are few, and they come again and again. */
  key(name: string): void
  bytes(value: Int8Array): void
  listHeader(count: number): void
  mapHeader(count: number): void
  structureHeader(count: number, signature: number): void
}

interface Markers {
  /** Carries the size itself, below 16; 0 where there is none. */
  tiny: number
  /** Followed by the size in one, two or four bytes. */
  bits8: number
  bits16: number
  bits32: number
}

const textMarkers = { tiny: 0x80, bits8: 0xd0, bits16: 0xd1, bits32: 0xd2 }
const listMarkers = { tiny: 0x90, bits8: 0xd4, bits16: 0xd5, bits32: 0xd6 }
const mapMarkers = { tiny: 0xa0, bits8: 0xd8, bits16: 0xd9, bits32: 0xda }
const byteMarkers = { tiny: 0, bits8: 0xcc, bits16: 0xcd, bits32: 0xce }
const structureTiny = 0xb0
const [nullMarker, floatMarker, falseMarker, trueMarker] = [0xc0, 0xc1, 0xc2, 0xc3]
const [int8Marker, int16Marker, int32Marker, int64Marker] = [0xc8, 0xc9, 0xca, 0xcb]

const sizeAtFirst = 1024 * 1024
/** A larger one, which a very large event has left, is let go. */
const sizeKept = 8 * 1024 * 1024
const headerMax = 9
const utf8BytesMax = 3
/** Below this, a loop is faster than a call of Node.js. */
const shortText = 24
const keysMax = 2000

/** Room for all that is written grows as needed, and is used again. */
export function createPackWriter(): PackWriter {
  let room = Buffer.allocUnsafe(sizeAtFirst)
  let at = 0
  const keys = new Map<string, Buffer>()

  function ensure(size: number): void {
    if (at + size <= room.length) return
    const larger = Buffer.allocUnsafe(Math.max(room.length * 2, at + size))
    room.copy(larger, 0, 0, at)
    room = larger
  }

  function byte(value: number): void {
    room[at] = value
    at += 1
  }

  function header(size: number, { tiny, bits8, bits16, bits32 }: Markers): void {
    ensure(headerMax)
    if (tiny !== 0 && size < 0x10) byte(tiny | size)
    else if (size < 0x100) {
      byte(bits8)
      byte(size)
    } else if (size < 0x10000) {
      byte(bits16)
      at = room.writeUInt16BE(size, at)
    } else {
      byte(bits32)
      at = room.writeUInt32BE(size, at)
    }
  }

  /** Tells whether the text was plain ASCII; else nothing of it was written. */
  function shortAscii(text: string): boolean {
    const start = at
    header(text.length, textMarkers)
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) {
        at = start
        return false
      }
      room[at + index] = code
    }
    at += text.length
    return true
  }

  function text(value: string): void {
    ensure(headerMax + value.length * utf8BytesMax)
    if (value.length < shortText && shortAscii(value)) return
    header(Buffer.byteLength(value), textMarkers)
    at += room.write(value, at)
  }

  function copy(bytes: Uint8Array): void {
    ensure(bytes.length)
    room.set(bytes, at)
    at += bytes.length
  }

  return {
    restart() {
      at = 0
      if (room.length > sizeKept) room = Buffer.allocUnsafe(sizeAtFirst)
    },
    take: () => Buffer.from(room.subarray(0, at)),
    nothing() {
      ensure(1)
      byte(nullMarker)
    },
    boolean(value) {
      ensure(1)
      byte(value ? trueMarker : falseMarker)
    },
    float(value) {
      ensure(headerMax)
      byte(floatMarker)
      at = room.writeDoubleBE(value, at)
    },
    integer(high, low) {
      ensure(headerMax)
      if (high !== low >> 31) {
        byte(int64Marker)
        at = room.writeInt32BE(low, room.writeInt32BE(high, at))
      } else if (low >= -0x10 && low < 0x80) byte(low & 0xff)
      else if (low >= -0x80 && low < 0x80) {
        byte(int8Marker)
        byte(low & 0xff)
      } else if (low >= -0x8000 && low < 0x8000) {
        byte(int16Marker)
        at = room.writeInt16BE(low, at)
      } else {
        byte(int32Marker)
        at = room.writeInt32BE(low, at)
      }
    },
    text,
    key(name) {
      const known = keys.get(name)
      if (known !== undefined) return copy(known)
      const start = at
      text(name)
      if (keys.size < keysMax) keys.set(name, Buffer.from(room.subarray(start, at)))
    },
    bytes(value) {
      header(value.length, byteMarkers)
      copy(new Uint8Array(value.buffer, value.byteOffset, value.length))
    },
    listHeader: (count) => header(count, listMarkers),
    mapHeader: (count) => header(count, mapMarkers),
    structureHeader(count, signature) {
      ensure(headerMax)
      byte(structureTiny | count)
      byte(signature)
    },
  }
}
