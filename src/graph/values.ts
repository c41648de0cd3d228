import neo4j from 'neo4j-driver'
import { toDateTimeStructure } from './bolt-structure.ts'

const secondLength = 'YYYY-MM-DDTHH:MM:SS'.length
const instantLength = 'YYYY-MM-DDTHH:MM:SS.000000000Z'.length
const noOffset = neo4j.int(0)

/** Made lately: the same times come with all that one event says. */
const dateTimes = new Map<string, unknown>()
const dateTimesMax = 1000

/** A ZONED DATETIME in UTC from an instant such as `2026-11-22T17:13:25.992348000Z`. */
export function toDateTime(instant: string): unknown {
  const made = dateTimes.get(instant)
  if (made !== undefined) return made
  const dateTime = makeDateTime(instant)
  if (dateTimes.size >= dateTimesMax) dateTimes.clear()
  dateTimes.set(instant, dateTime)
  return dateTime
}

function makeDateTime(instant: string): unknown {
  const seconds = Date.parse(`${instant.slice(0, secondLength)}Z`) / 1000
  const nanoseconds = Number(instant.slice(secondLength + 1, -1))
  return toDateTimeStructure(neo4j.int(seconds), neo4j.int(nanoseconds), noOffset)
}

/** The instant of a ZONED DATETIME in UTC that Neo4j has sent; undefined for null. */
export function fromDateTime(value: unknown): string | undefined {
  if (!neo4j.isDateTime(value)) return undefined
  const date = `${pad(value.year, 4)}-${pad(value.month, 2)}-${pad(value.day, 2)}`
  const time = `${pad(value.hour, 2)}:${pad(value.minute, 2)}:${pad(value.second, 2)}`
  return `${date}T${time}.${pad(value.nanosecond, 9)}Z`
}

/**
 * The instant that Cypher's `toString` has written of a DATETIME in UTC: it leaves out seconds and fractions that are nought. Undefined
 * for null.
 */
export function fromDateTimeText(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  if (text.length === instantLength) return text
  const time = text.slice(0, -'Z'.length)
  const whole = time.length < secondLength ? `${time}:00` : time
  const withPoint = whole.length === secondLength ? `${whole}.` : whole
  return `${withPoint.padEnd(instantLength - 'Z'.length, '0')}Z`
}

function pad(number: unknown, width: number): string {
  return String(number).padStart(width, '0')
}

/** An INTEGER: plain numbers go to Neo4j as floats. Undefined where the number is none or too large for one. */
export function toInteger(value: number | undefined): unknown {
  return value !== undefined && Number.isSafeInteger(value) ? neo4j.int(value) : undefined
}

/** Bytes as Neo4j takes them. */
export function toByteArray(bytes: Buffer): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Bytes as Neo4j gives them, not copied; undefined for null. */
export function asBytes(value: unknown): Buffer | undefined {
  return value instanceof Int8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : undefined
}

/** A text property out of a row; undefined for null. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A property that is a list of texts; empty for null. */
export function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
