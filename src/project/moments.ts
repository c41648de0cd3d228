import type { Instant } from '../openlineage/time.ts'
import type { Clock } from './clock.ts'

/**
 * When things were said, each clock once, in the order of first use: what names a moment many times names its place in this list. An
 * instant is that of a clock as a rule, and named by it; else it stands here by itself.
 */
export interface Moments {
  placeOfClock: (clock: Clock) => number
  placeOfInstant: (instant: Instant) => number
  /** The list. */
  list: () => readonly string[]
}

export function createMoments(): Moments {
  const moments: string[] = []
  const places = new Map<Clock, number>()
  const placesOfInstants = new Map<Instant, number>()
  return {
    placeOfClock: (clock) => {
      const known = places.get(clock)
      if (known !== undefined) return known
      const place = moments.push(clock) - 1
      places.set(clock, place)
      const instant = instantOfMoment(clock)
      if (!placesOfInstants.has(instant)) placesOfInstants.set(instant, place)
      return place
    },
    placeOfInstant: (instant) => {
      const known = placesOfInstants.get(instant)
      if (known !== undefined) return known
      const place = moments.push(instant) - 1
      placesOfInstants.set(instant, place)
      return place
    },
    list: () => moments,
  }
}

/** The instant of a moment: a clock's, or what stands by itself. */
export function instantOfMoment(moment: string): Instant {
  const end = moment.indexOf('|')
  return end === -1 ? moment : moment.slice(0, end)
}
