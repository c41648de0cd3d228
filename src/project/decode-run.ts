import type { EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import {
  emptyRun,
  type AccumulatedInput,
  type AccumulatedOutput,
  type AccumulatedRun,
  type ForwardedRun,
} from './accumulated-run.ts'
import type { Claim, Clock, Register } from './clock.ts'
import { instantOfMoment } from './moments.ts'
import {
  absent,
  type Absent,
  type ClaimText,
  type EachText,
  type InputText,
  type NamespaceText,
  type OutputText,
  type OwnText,
  type Place,
  type RegisterText,
  type RunText,
  type SaidText,
} from './run-text.ts'
import { toRecord } from './to-record.ts'

/** Clocks and instants by the places that name them. */
interface Moments {
  clocks: readonly Clock[]
  instants: readonly Instant[]
}

/** The run behind a text that `encodeRun` made; an absent text is a run that nobody has spoken of. */
export function decodeRun(text: string | null | undefined): AccumulatedRun {
  if (text === null || text === undefined) return emptyRun()
  // Of a version before migration 19. Such a text stays until something new is said of its run.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by an encodeRun of then
  if (text.startsWith('{')) return JSON.parse(text) as AccumulatedRun
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by encodeRun alone
  const [clocks, said] = JSON.parse(text) as RunText
  return toRun(said, { clocks, instants: clocks.map(instantOfMoment) })
}

function toRun(said: Partial<SaidText>, moments: Moments): AccumulatedRun {
  const { job, ends, forwarded, lineage } = said
  return {
    job: job && {
      standing: job[0],
      clock: clockAt(job[1], moments),
      value: { namespace: job[2], name: job[3] },
    },
    newest: toRegister(said.newest, moments),
    first: toInstant(said.first, moments),
    last: toInstant(said.last, moments),
    start: toInstant(said.start, moments),
    ends: {
      COMPLETE: toInstant(ends?.COMPLETE, moments),
      ABORT: toInstant(ends?.ABORT, moments),
      FAIL: toInstant(ends?.FAIL, moments),
    },
    parent: toClaim(said.parent, moments),
    root: toClaim(said.root, moments),
    sql: toRegister(said.sql, moments),
    source: toClaim(said.source, moments),
    processingType: toRegister(said.processingType, moments),
    user: toClaim(said.user, moments),
    error: toClaim(said.error, moments),
    forwarded: forwarded && toForwarded(forwarded, moments),
    lineage: lineage && toRecord(lineage.map((key) => [key, true])),
    inputs: toDatasets(said.inputs, (text) => toInput(text, moments)),
    outputs: toDatasets(said.outputs, (text) => toOutput(text, moments)),
  }
}

function toForwarded({ processingType, user, error }: OwnText, moments: Moments): ForwardedRun {
  return {
    processingType: toRegister(processingType, moments),
    user: toClaim(user, moments),
    error: toClaim(error, moments),
  }
}

function toInput([, at, schema, facets, versions]: InputText, moments: Moments): AccumulatedInput {
  return {
    at: instantAt(at, moments),
    schema: toRegister(schema, moments),
    facets: toFacets(facets, moments),
    versions: toEach(versions, (place) => clockAt(place, moments)),
  }
}

function toOutput(text: OutputText, moments: Moments): AccumulatedOutput {
  const [, at, schema, columnLineage, facets, version, change, renamedFrom] = text
  return {
    at: instantAt(at, moments),
    schema: toRegister(schema, moments),
    columnLineage: toRegister(columnLineage, moments),
    facets: toFacets(facets, moments),
    version: toRegister(version, moments),
    change: toRegister(change, moments),
    renamedFrom: toRegister(renamedFrom, moments),
  }
}

function toFacets(
  texts: EachText<RegisterText<string>> | Absent | undefined,
  moments: Moments,
): Record<string, Register<string>> {
  return toEach(texts, ([at, value]) => ({ clock: clockAt(at, moments), value }))
}

function toRegister<T>(
  text: RegisterText<T> | Absent | undefined,
  moments: Moments,
): Register<T> | undefined {
  if (text === undefined || text === absent) return undefined
  return { clock: clockAt(text[0], moments), value: text[1] }
}

function toClaim(text: ClaimText | undefined, moments: Moments): Claim<string> | undefined {
  return text && { standing: text[0], clock: clockAt(text[1], moments), value: text[2] }
}

function toInstant(place: Place | undefined, moments: Moments): Instant | undefined {
  return place === undefined ? undefined : instantAt(place, moments)
}

function toEach<T, R>(texts: EachText<T> | Absent | undefined, convert: (text: T) => R): Record<string, R> {
  if (texts === undefined || texts === absent) return {}
  return toRecord(Object.entries(texts).map(([key, text]) => [key, convert(text)]))
}

function toDatasets<T extends InputText | OutputText, R>(
  texts: readonly NamespaceText<T>[] | undefined,
  convert: (text: T) => R,
): Record<EntityKey, R> {
  const datasets: [EntityKey, R][] = []
  for (const [namespace, ofNamespace] of texts ?? []) {
    // As `toEntityKey` makes it, the namespace quoted once.
    const beginning = `[${JSON.stringify(namespace)},`
    for (const text of ofNamespace) datasets.push([`${beginning}${JSON.stringify(text[0])}]`, convert(text)])
  }
  return toRecord(datasets)
}

function clockAt(place: Place, { clocks }: Moments): Clock {
  return momentAt(place, clocks)
}

function instantAt(place: Place, { instants }: Moments): Instant {
  return momentAt(place, instants)
}

/** @throws {RangeError} where the text is not whole */
function momentAt(place: Place, moments: readonly string[]): string {
  const moment = moments[place]
  if (moment === undefined) throw new RangeError(`a run's text names a moment ${place} that is not in it`)
  return moment
}
