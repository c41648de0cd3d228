/** Where PackStream is written: `at` is where the next byte goes. */
export interface PackRoom {
  bytes: Buffer
  at: number
}

/** How a value that has a size begins. */
interface Markers {
  /** Carries the size itself, below 16; undefined where there is none. */
  tiny?: number
  /** Followed by the size in one, two or four bytes. */
  bits8: number
  bits16: number
  bits32: number
}

const textMarkers = { tiny: 0x80, bits8: 0xd0, bits16: 0xd1, bits32: 0xd2 }
const listMarkers = { tiny: 0x90, bits8: 0xd4, bits16: 0xd5, bits32: 0xd6 }
const mapMarkers = { tiny: 0xa0, bits8: 0xd8, bits16: 0xd9, bits32: 0xda }
const byteMarkers = { bits8: 0xcc, bits16: 0xcd, bits32: 0xce }
const structureMarker = 0xb0
const scalarMarkers = { null: 0xc0, float: 0xc1, false: 0xc2, true: 0xc3 }
const integerMarkers = { bits8: 0xc8, bits16: 0xc9, bits32: 0xca, bits64: 0xcb }

const sizeAtFirst = 1024 * 1024
/** A larger one, which a very large event has left, is let go. */
const sizeKept = 8 * 1024 * 1024
/** Any marker with what follows it but the value. */
const headerMax = 9
const utf8BytesMax = 3
/** Below this, a loop is faster than a call of Node.js. */
const shortText = 24

export function createPackRoom(): PackRoom {
  return { bytes: Buffer.allocUnsafe(sizeAtFirst), at: 0 }
}

/** Begins anew; the room that was needed before stays. */
export function restart(room: PackRoom): void {
  room.at = 0
  if (room.bytes.length > sizeKept) room.bytes = Buffer.allocUnsafe(sizeAtFirst)
}

/** What was written from there on, in bytes of its own. */
export function takeFrom(room: PackRoom, start: number): Buffer {
  return Buffer.from(room.bytes.subarray(start, room.at))
}

export function writeNull(room: PackRoom): void {
  ensure(room, 1)
  writeByte(room, scalarMarkers.null)
}

export function writeBoolean(room: PackRoom, value: boolean): void {
  ensure(room, 1)
  writeByte(room, value ? scalarMarkers.true : scalarMarkers.false)
}

export function writeFloat(room: PackRoom, value: number): void {
  ensure(room, headerMax)
  writeByte(room, scalarMarkers.float)
  room.at = room.bytes.writeDoubleBE(value, room.at)
}

/** A 64-bit integer by its halves, in as few bytes as hold it. */
export function writeInteger(room: PackRoom, { high, low }: { high: number; low: number }): void {
  ensure(room, headerMax)
  const { bytes } = room
  if (high !== low >> 31) {
    writeByte(room, integerMarkers.bits64)
    room.at = bytes.writeInt32BE(low, bytes.writeInt32BE(high, room.at))
  } else if (low >= -0x10 && low < 0x80) writeByte(room, low & 0xff)
  else if (low >= -0x80 && low < 0x80) {
    writeByte(room, integerMarkers.bits8)
    writeByte(room, low & 0xff)
  } else if (low >= -0x8000 && low < 0x8000) {
    writeByte(room, integerMarkers.bits16)
    room.at = bytes.writeInt16BE(low, room.at)
  } else {
    writeByte(room, integerMarkers.bits32)
    room.at = bytes.writeInt32BE(low, room.at)
  }
}

export function writeText(room: PackRoom, text: string): void {
  ensure(room, headerMax + text.length * utf8BytesMax)
  if (text.length < shortText && writeShortAscii(room, text)) return
  writeHeader(room, Buffer.byteLength(text), textMarkers)
  room.at += room.bytes.write(text, room.at)
}

/** Tells whether the text was plain ASCII; else nothing of it was written. */
function writeShortAscii(room: PackRoom, text: string): boolean {
  const start = room.at
  writeHeader(room, text.length, textMarkers)
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code >= 0x80) {
      room.at = start
      return false
    }
    room.bytes[room.at + index] = code
  }
  room.at += text.length
  return true
}

export function writeBytes(room: PackRoom, value: Int8Array): void {
  writeHeader(room, value.length, byteMarkers)
  writePacked(room, new Uint8Array(value.buffer, value.byteOffset, value.length))
}

/** What is packed already. */
export function writePacked(room: PackRoom, packed: Uint8Array): void {
  ensure(room, packed.length)
  room.bytes.set(packed, room.at)
  room.at += packed.length
}

export function writeListHeader(room: PackRoom, count: number): void {
  writeHeader(room, count, listMarkers)
}

export function writeMapHeader(room: PackRoom, count: number): void {
  writeHeader(room, count, mapMarkers)
}

/** @param count below 16, as all of Bolt's have it */
export function writeStructureHeader(room: PackRoom, count: number, signature: number): void {
  ensure(room, headerMax)
  writeByte(room, structureMarker | count)
  writeByte(room, signature)
}

function writeHeader(room: PackRoom, size: number, { tiny, bits8, bits16, bits32 }: Markers): void {
  ensure(room, headerMax)
  if (tiny !== undefined && size < 0x10) writeByte(room, tiny | size)
  else if (size < 0x100) {
    writeByte(room, bits8)
    writeByte(room, size)
  } else if (size < 0x10000) {
    writeByte(room, bits16)
    room.at = room.bytes.writeUInt16BE(size, room.at)
  } else {
    writeByte(room, bits32)
    room.at = room.bytes.writeUInt32BE(size, room.at)
  }
}

function writeByte(room: PackRoom, value: number): void {
  room.bytes[room.at] = value
  room.at += 1
}

function ensure(room: PackRoom, size: number): void {
  if (room.at + size <= room.bytes.length) return
  const larger = Buffer.allocUnsafe(Math.max(room.bytes.length * 2, room.at + size))
  room.bytes.copy(larger, 0, 0, room.at)
  room.bytes = larger
}
