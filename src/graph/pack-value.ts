import { isInt } from 'neo4j-driver'
import { packstream, type BoltStructure } from './bolt-package.ts'
import {
  createPackRoom,
  restart,
  takeFrom,
  writeBoolean,
  writeBytes,
  writeFloat,
  writeInteger,
  writeListHeader,
  writeMapHeader,
  writeNull,
  writePacked,
  writeStructureHeader,
  writeText,
} from './pack-writer.ts'

const room = createPackRoom()
/** Names of members, packed: there are few, and they come again and again. */
const packedKeys = new Map<string, Buffer>()
const packedKeysMax = 2000

/**
 * A value as PackStream, the format of Bolt: the very bytes that the driver would write. The driver makes a function of each value and a
 * buffer of each text, and writes each byte of a byte array by itself: that was a sixth of what a worker took.
 * @see https://neo4j.com/docs/bolt/current/packstream/
 * @returns undefined where the value holds something that only the driver knows how to pack
 */
export function packValue(value: unknown): Buffer | undefined {
  restart(room)
  return write(value) ? takeFrom(room, 0) : undefined
}

/** Tells whether it knew how. */
function write(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      writeText(room, value)
      return true
    case 'number':
      writeFloat(room, value)
      return true
    case 'boolean':
      writeBoolean(room, value)
      return true
    case 'object':
      return writeObject(value)
    default:
      return false
  }
}

function writeObject(value: object | null): boolean {
  if (value === null) {
    writeNull(room)
    return true
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return writeMap(value)
  if (Array.isArray(value)) return writeList(value)
  if (value instanceof packstream.structure.Structure) return writeStructure(value)
  if (value instanceof Int8Array) {
    writeBytes(room, value)
    return true
  }
  if (!isInt(value)) return false
  writeInteger(room, value)
  return true
}

/** Members that are undefined are left out. */
function writeMap(map: object): boolean {
  const members = Object.entries(map)
  writeMapHeader(
    room,
    members.reduce((count, [, value]) => (value === undefined ? count : count + 1), 0),
  )
  for (const [key, value] of members) {
    if (value === undefined) continue
    writeKey(key)
    if (!write(value)) return false
  }
  return true
}

function writeKey(key: string): void {
  const packed = packedKeys.get(key)
  if (packed !== undefined) {
    writePacked(room, packed)
    return
  }
  const start = room.at
  writeText(room, key)
  if (packedKeys.size < packedKeysMax) packedKeys.set(key, takeFrom(room, start))
}

function writeList(list: readonly unknown[]): boolean {
  writeListHeader(room, list.length)
  for (let index = 0; index < list.length; index += 1) if (!write(list[index] ?? null)) return false
  return true
}

function writeStructure({ signature, fields }: BoltStructure): boolean {
  writeStructureHeader(room, fields.length, signature)
  return fields.every(write)
}
