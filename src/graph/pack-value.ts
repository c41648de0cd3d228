import { isInt, type Integer } from 'neo4j-driver'
import { packstream, type BoltStructure } from './bolt-package.ts'
import { createPackWriter, type PackWriter } from './pack-writer.ts'

const writer = createPackWriter()

/**
 * A value as PackStream, the format of Bolt: the very bytes that the driver would write. The driver makes a function of each value, a
 * buffer of each text, and writes each byte of a byte array by itself, which was a quarter of what a worker took.
 * @see https://neo4j.com/docs/bolt/current/packstream/
 * @returns undefined where the value holds something that only the driver knows how to pack
 */
export function packValue(value: unknown): Buffer | undefined {
  writer.restart()
  return write(writer, value) ? writer.take() : undefined
}

/** Tells whether it knew how. */
function write(to: PackWriter, value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      to.text(value)
      return true
    case 'number':
      to.float(value)
      return true
    case 'boolean':
      to.boolean(value)
      return true
    case 'object':
      return writeObject(to, value)
    default:
      return false
  }
}

function writeObject(to: PackWriter, value: object | null): boolean {
  if (value === null) {
    to.nothing()
    return true
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return writeMap(to, value)
  if (Array.isArray(value)) return writeList(to, value)
  if (value instanceof packstream.structure.Structure) return writeStructure(to, value)
  if (value instanceof Int8Array) {
    to.bytes(value)
    return true
  }
  return isInt(value) && writeInteger(to, value)
}

function writeMap(to: PackWriter, map: object): boolean {
  const entries = Object.entries(map)
  to.mapHeader(entries.reduce((count, [, value]) => (value === undefined ? count : count + 1), 0))
  for (const [key, value] of entries) {
    if (value === undefined) continue
    to.key(key)
    if (!write(to, value)) return false
  }
  return true
}

function writeList(to: PackWriter, list: readonly unknown[]): boolean {
  to.listHeader(list.length)
  return list.every((value) => write(to, value ?? null))
}

function writeStructure(to: PackWriter, { signature, fields }: BoltStructure): boolean {
  to.structureHeader(fields.length, signature)
  return fields.every((field) => write(to, field))
}

function writeInteger(to: PackWriter, { high, low }: Integer): boolean {
  to.integer(high, low)
  return true
}
