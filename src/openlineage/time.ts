/**
 * One instant in UTC with nanoseconds, always written `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`:
 * two of them compare as strings.
 */
export type Instant = string

/** The instant of so many milliseconds since 1970, up to the year 9999. */
export function instantOf(epochMs: number): Instant {
  return `${new Date(epochMs).toISOString().slice(0, -1)}000000Z`
}

const eventTimePattern =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?(?:\[[^\]]+\])?$/

/**
 * Reads an event's time as producers really write it: with `Z`, an offset or none (taken as UTC), a space for
 * the `T`, up to nanoseconds, a Java zone name in brackets behind the offset.
 * @returns the instant, or undefined where the text is no time (such as 30 February)
 */
export function toInstant(text: string): Instant | undefined {
  const match = eventTimePattern.exec(text)
  if (match === null) return undefined
  const [, date = '', hourMinute = '', second = '00', fraction = '', zone = 'Z'] = match
  const wallClock = `${date}T${hourMinute}:${second}`
  const epochMs = Date.parse(`${wallClock}Z`)
  const isRealDate = !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(wallClock)
  if (!isRealDate) return undefined
  const offset = offsetMs(zone)
  if (offset === undefined) return undefined
  const utc = new Date(epochMs - offset).toISOString()
  if (utc.length !== 24) return undefined
  return `${utc.slice(0, 19)}.${fraction.padEnd(9, '0')}Z`
}

/** Whether the text says its zone; a time without one is taken as UTC, which deserves a warning. */
export function hasZone(text: string): boolean {
  return /(?:[Zz]|[+-]\d{2}(?::?\d{2})?)(?:\[[^\]]+\])?$/.test(text.slice(11))
}

/** The instant rounded down to its hour. */
export function toHour(instant: Instant): Instant {
  return `${instant.slice(0, 13)}:00:00.000000000Z`
}

/** Milliseconds from one instant to a later one, fractions dropped. */
export function millisecondsBetween({ from, to }: { from: Instant; to: Instant }): number {
  const nanoseconds = Number(to.slice(20, 29)) - Number(from.slice(20, 29))
  const seconds = (Date.parse(`${to.slice(0, 19)}Z`) - Date.parse(`${from.slice(0, 19)}Z`)) / 1000
  return Math.floor(seconds * 1000 + nanoseconds / 1e6)
}

function offsetMs(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
