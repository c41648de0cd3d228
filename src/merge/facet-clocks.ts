import { byKey, toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { Instant } from '../openlineage/time.ts'
import type { FacetRegister, FacetRegisters } from '../project/facet-registers.ts'

/** Facets of one statement: they share event, time and producer, as nearly all facets of a node do. */
type Group = [
  facets: Record<string, Content>,
  time: Instant,
  rank: number,
  event: string,
  producer: string,
  forwarded?: 'forwarded',
]

/** A facet's hash, or what else is known of one that is deleted or left out. */
type Content = string | Pick<FacetRegister, 'hash' | 'deleted' | 'omittedBytes'>

/**
 * The text that a node keeps of its facets, without the facets themselves; equal registers give equal texts. It is written anew with
 * nearly every event, so what facets have in common stands in it once.
 */
export function encodeClocks(registers: FacetRegisters): string {
  const groups = new Map<string, string>()
  let [before, statement]: [FacetRegister | undefined, string] = [undefined, '']
  for (const key of [...registers.keys()].toSorted()) {
    const register = registers.get(key)
    if (register === undefined) continue
    if (before === undefined || !isOfOneStatement(before, register)) statement = toStatementText(register)
    before = register
    const facets = groups.get(statement)
    const facet = `${JSON.stringify(key)}:${toContentText(register)}`
    groups.set(statement, facets === undefined ? facet : `${facets},${facet}`)
  }
  const texts = [...groups].toSorted(byKey).map(([shared, facets]) => `[{${facets}},${shared}]`)
  return `[${texts.join(',')}]`
}

/** The registers behind such a text; an absent text is a node without facets. */
export function decodeClocks(text: string | undefined): FacetRegisters {
  if (text === undefined) return new Map()
  // Before migration 19 it was one object, by facet. Such a text stays until something new is said of its node's facets.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by an encodeClocks of then
  if (text.startsWith('{')) return new Map(Object.entries(JSON.parse(text) as Record<string, FacetRegister>))
  const registers: FacetRegisters = new Map()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by encodeClocks
  for (const [facets, time, rank, event, producer, forwarded] of JSON.parse(text) as Group[]) {
    for (const [key, content] of Object.entries(facets)) {
      const register: FacetRegister =
        typeof content === 'string'
          ? { time, rank, producer, event, hash: content }
          : { time, rank, producer, event, ...content }
      if (forwarded !== undefined) register.forwarded = true
      registers.set(key, register)
    }
  }
  return registers
}

function isOfOneStatement(a: FacetRegister, b: FacetRegister): boolean {
  return (
    a.event === b.event &&
    a.time === b.time &&
    a.rank === b.rank &&
    a.producer === b.producer &&
    a.forwarded === b.forwarded
  )
}

function toStatementText({ time, rank, event, producer, forwarded }: FacetRegister): string {
  const shared = JSON.stringify([time, rank, event, producer]).slice(1, -1)
  return forwarded === undefined ? shared : `${shared},"forwarded"`
}

function toContentText({ hash, deleted, omittedBytes }: FacetRegister): string {
  const isPlain = hash !== undefined && deleted === undefined && omittedBytes === undefined
  return isPlain ? JSON.stringify(hash) : toCanonicalJson({ hash, deleted, omittedBytes })
}
