import type { EventType } from '../openlineage/events.ts'
import type { EntityKey } from '../openlineage/keys.ts'

/**
 * The JSON that stands on a Run node of what the run has said so far. It is written anew with nearly every event of the run, and its
 * length is a good part of what that costs: each moment stands in it once and is named by its place, datasets stand by namespace, what
 * nobody has said is left out. Before migration 19 it was an object, the accumulated run as it is.
 *
 *     [["2026-11-22T10:05:00.000000000Z|3|1528f2d0a93e", "2026-11-22T10:00:00.000000000Z"],
 *      {"job": [3, 0, "jobs", "load"], "newest": [0, "COMPLETE"], "first": 1, "last": 0, "start": 1, "ends": {"COMPLETE": 0},
 *       "inputs": [["postgres://db", [["orders", 1, [0, "36534640e1bc52827264b7e882fd8a40"]]]]]}]
 */
export type RunText = [moments: readonly string[], said: SaidText]

export interface SaidText extends OwnText {
  job: [standing: number, at: Place, namespace: string, name: string] | undefined
  newest: RegisterText<EventType> | undefined
  first: Place | undefined
  last: Place | undefined
  start: Place | undefined
  ends: EndsText | undefined
  parent: ClaimText | undefined
  root: ClaimText | undefined
  sql: RegisterText<string> | undefined
  source: ClaimText | undefined
  forwarded: OwnText | undefined
  lineage: string[] | undefined
  inputs: NamespaceText<InputText>[] | undefined
  outputs: NamespaceText<OutputText>[] | undefined
}

/** What may be forwarded as well. */
export interface OwnText {
  processingType: RegisterText<string> | undefined
  user: ClaimText | undefined
  error: ClaimText | undefined
}

export interface EndsText {
  COMPLETE: Place | undefined
  ABORT: Place | undefined
  FAIL: Place | undefined
}

/** Of a moment in the list. */
export type Place = number
export type RegisterText<T> = [at: Place, value: T]
export type ClaimText = [standing: number, at: Place, value: string]
export type NamespaceText<T> = [namespace: string, datasets: T[]]
export type EachText<T> = Record<string, T>

/** In the place of a member that is absent; at the end none is told. */
export type Absent = 0
export const absent: Absent = 0

export type InputText = [
  name: string,
  at: Place,
  schema?: RegisterText<string | null> | Absent,
  facets?: EachText<RegisterText<string>> | Absent,
  versions?: EachText<Place> | Absent,
]
export type OutputText = [
  name: string,
  at: Place,
  schema?: RegisterText<string | null> | Absent,
  columnLineage?: RegisterText<string | null> | Absent,
  facets?: EachText<RegisterText<string>> | Absent,
  version?: RegisterText<string | null> | Absent,
  change?: RegisterText<string | null> | Absent,
  renamedFrom?: RegisterText<EntityKey> | Absent,
]
