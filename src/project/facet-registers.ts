import type { Facets, JsonValue } from '../openlineage/events.ts'
import type { InterpretedFacets } from '../openlineage/facet-types.ts'
import { mayBeDeleted, type FacetLocation } from '../openlineage/facets.ts'
import { isTombstone } from '../openlineage/json-object.ts'
import { pointerTo } from '../openlineage/json-pointer.ts'
import { toContentKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { toClock, type Clock } from './clock.ts'

/** One facet of one thing: who said it, when, and what, as JSON text. */
export interface FacetRegister {
  time: Instant
  rank: number
  producer: string
  /** Id of the event that said it. */
  event: string
  /** Content key of the text, so that an equal one need not be written again. Absent for a deleted facet. */
  hash?: string | undefined
  deleted?: true | undefined
  /** Others forward it of a run or job that they name as a parent: it gives way to the run's or job's own, whatever the clock. */
  forwarded?: true | undefined
  /** Bytes of a facet too large to keep on its node: it stays in its event only. */
  omittedBytes?: number | undefined
  /** The facet's JSON; absent where it is deleted, omitted, or stands in the graph already. */
  text?: string | undefined
  /** It may be interpreted: it passed its schema and is not too large. */
  mayInterpret?: true | undefined
}

/** By facet key. A map, since keys are strangers' words (`__proto__` is one). */
export type FacetRegisters = Map<string, FacetRegister>

export interface Statement {
  time: Instant
  rank: number
  producer: string
  event: string
  clock: Clock
}

/** A map of facets as it stands in an event, and which of its facets break their schema. */
export interface StatedFacets {
  facets: Facets | undefined
  where: FacetLocation
  isForwarded?: true
  /** JSON pointer of the map, such as `#/run/facets`. */
  pointer: string
  /** Pointers of the event's facets that are kept but not interpreted. */
  broken: ReadonlySet<string>
}

/** The facets that one event states about one thing, each with its clock. */
export function toFacetRegisters(
  stated: StatedFacets,
  { time, rank, producer, event, facetBytesMax }: Statement & { facetBytesMax: number },
): FacetRegisters {
  const { facets = {}, isForwarded: forwarded } = stated
  const registers: FacetRegisters = new Map()
  for (const key of Object.keys(facets)) {
    const value = facets[key]
    if (value === undefined) continue
    const isDeleted = isTakenAway(stated, value)
    const { hash, text, omittedBytes } = isDeleted ? noContent : toContent(value, facetBytesMax)
    const mayInterpret = text !== undefined && !isBroken(stated, key)
    // Written out: of each that is put together from others V8 makes a kind of object of its own.
    registers.set(key, {
      time,
      rank,
      producer,
      event,
      hash,
      text,
      mayInterpret: mayInterpret ? true : undefined,
      deleted: isDeleted ? true : undefined,
      forwarded,
      omittedBytes,
    })
  }
  return registers
}

/** A facet that may be interpreted: it is there, passed its schema and is not deleted. */
export function readFacet<K extends keyof InterpretedFacets>(
  stated: StatedFacets,
  key: K,
): InterpretedFacets[K] | undefined {
  const { facets } = stated
  if (facets === undefined || !Object.hasOwn(facets, key)) return undefined
  const value = facets[key]
  if (value === undefined || isTakenAway(stated, value) || isBroken(stated, key)) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the facet has passed the schema of its key
  return value as InterpretedFacets[K]
}

/**
 * The facet itself, where it may be interpreted; undefined elsewhere. It is parsed when somebody asks: nearly all facets of a batch say
 * what they said before, and to hold what was parsed of them until its end kept the garbage collector busier than all else.
 */
export function facetValue(register: FacetRegister | undefined): JsonValue | undefined {
  if (register?.mayInterpret !== true || register.text === undefined) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, made of such a value
  return JSON.parse(register.text) as JsonValue
}

/** What a register's facet says, where it may be interpreted: as `readFacet`, and neither too large. */
export function interpretedFacet<K extends keyof InterpretedFacets>(
  registers: FacetRegisters,
  key: K,
): InterpretedFacets[K] | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a register may be interpreted where the facet has passed the schema of its key
  return facetValue(registers.get(key)) as InterpretedFacets[K] | undefined
}

/** Each facet's newest statement. `into` is changed. */
export function joinFacetRegisters(into: FacetRegisters, from: FacetRegisters): void {
  for (const [key, register] of from) {
    const present = into.get(key)
    if (present === undefined || isNewerFacet(register, present)) into.set(key, register)
  }
}

/** Whether a statement of a facet takes the place of another: the thing's own words do so whatever the clock. */
export function isNewerFacet(said: FacetRegister, present: FacetRegister): boolean {
  if (said.forwarded !== present.forwarded) return present.forwarded === true
  return facetClock(said) > facetClock(present)
}

export function facetClock(register: FacetRegister): Clock {
  return toClock(register)
}

function isBroken({ broken, pointer }: StatedFacets, key: string): boolean {
  return broken.size > 0 && broken.has(pointerTo(pointer, key))
}

function isTakenAway({ where }: StatedFacets, value: JsonValue): boolean {
  return mayBeDeleted(where) && isTombstone(value)
}

interface Content {
  hash: string | undefined
  text: string | undefined
  omittedBytes: number | undefined
}

const noContent: Content = { hash: undefined, text: undefined, omittedBytes: undefined }

function toContent(value: JsonValue, facetBytesMax: number): Content {
  const text = JSON.stringify(value)
  const hash = toContentKey(text)
  const bytes = text.length > facetBytesMax / 4 ? Buffer.byteLength(text) : text.length
  return bytes > facetBytesMax
    ? { hash, text: undefined, omittedBytes: bytes }
    : { hash, text, omittedBytes: undefined }
}
