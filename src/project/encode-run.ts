import { byKey } from '../openlineage/canonical-json.ts'
import { fromEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { AccumulatedInput, AccumulatedOutput, AccumulatedRun, ForwardedRun } from './accumulated-run.ts'
import type { Claim, Register } from './clock.ts'
import { createMoments, type Moments } from './moments.ts'
import {
  absent,
  type Absent,
  type ClaimText,
  type EachText,
  type EndsText,
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

/** The run as text; equal runs give equal texts. */
export function encodeRun(run: AccumulatedRun): string {
  const moments = createMoments()
  const said = toSaidText(run, moments)
  return JSON.stringify([moments.list(), said] satisfies RunText)
}

/** Moments stand in the order in which they are first used here. */
function toSaidText(run: AccumulatedRun, moments: Moments): SaidText {
  const { job, forwarded, lineage } = run
  return {
    job: job && [job.standing, moments.placeOfClock(job.clock), job.value.namespace, job.value.name],
    newest: toRegisterText(run.newest, moments),
    first: toPlace(run.first, moments),
    last: toPlace(run.last, moments),
    start: toPlace(run.start, moments),
    ends: toEndsText(run, moments),
    parent: toClaimText(run.parent, moments),
    root: toClaimText(run.root, moments),
    sql: toRegisterText(run.sql, moments),
    source: toClaimText(run.source, moments),
    processingType: toRegisterText(run.processingType, moments),
    user: toClaimText(run.user, moments),
    error: toClaimText(run.error, moments),
    forwarded: forwarded && toForwardedText(forwarded, moments),
    lineage: lineage && Object.keys(lineage).toSorted(),
    inputs: toNamespaceTexts(run.inputs, (name, input) => toInputText(name, input, moments)),
    outputs: toNamespaceTexts(run.outputs, (name, output) => toOutputText(name, output, moments)),
  }
}

function toForwardedText({ processingType, user, error }: ForwardedRun, moments: Moments): OwnText {
  return {
    processingType: toRegisterText(processingType, moments),
    user: toClaimText(user, moments),
    error: toClaimText(error, moments),
  }
}

function toEndsText(
  { ends: { COMPLETE, ABORT, FAIL } }: AccumulatedRun,
  moments: Moments,
): EndsText | undefined {
  if (COMPLETE === undefined && ABORT === undefined && FAIL === undefined) return undefined
  return {
    COMPLETE: toPlace(COMPLETE, moments),
    ABORT: toPlace(ABORT, moments),
    FAIL: toPlace(FAIL, moments),
  }
}

function toInputText(
  name: string,
  { at, schema, facets, versions }: AccumulatedInput,
  moments: Moments,
): InputText {
  const text: InputText = [
    name,
    moments.placeOfInstant(at),
    toRegisterText(schema, moments) ?? absent,
    toEachText(facets, (facet) => toText(facet, moments)),
    toEachText(versions, (clock) => moments.placeOfClock(clock)),
  ]
  return withoutEnd(text)
}

function toOutputText(name: string, output: AccumulatedOutput, moments: Moments): OutputText {
  const text: OutputText = [
    name,
    moments.placeOfInstant(output.at),
    toRegisterText(output.schema, moments) ?? absent,
    toRegisterText(output.columnLineage, moments) ?? absent,
    toEachText(output.facets, (facet) => toText(facet, moments)),
    toRegisterText(output.version, moments) ?? absent,
    toRegisterText(output.change, moments) ?? absent,
    toRegisterText(output.renamedFrom, moments) ?? absent,
  ]
  return withoutEnd(text)
}

function withoutEnd<T extends InputText | OutputText>(text: T): T {
  while (text.length > 2 && text.at(-1) === absent) text.pop()
  return text
}

function toPlace(instant: string | undefined, moments: Moments): Place | undefined {
  return instant === undefined ? undefined : moments.placeOfInstant(instant)
}

function toText<T>({ clock, value }: Register<T>, moments: Moments): RegisterText<T> {
  return [moments.placeOfClock(clock), value]
}

function toRegisterText<T>(register: Register<T> | undefined, moments: Moments): RegisterText<T> | undefined {
  return register && toText(register, moments)
}

function toClaimText(claim: Claim<string> | undefined, moments: Moments): ClaimText | undefined {
  return claim && [claim.standing, moments.placeOfClock(claim.clock), claim.value]
}

function toEachText<T, R>(
  values: Readonly<Record<string, T>>,
  convert: (value: T) => R,
): EachText<R> | Absent {
  const entries = Object.entries(values)
  if (entries.length === 0) return absent
  return toRecord(entries.toSorted(byKey).map(([key, value]) => [key, convert(value)]))
}

function toNamespaceTexts<T, R>(
  datasets: Readonly<Record<EntityKey, T>>,
  convert: (name: string, dataset: T) => R,
): NamespaceText<R>[] | undefined {
  const texts: NamespaceText<R>[] = []
  let last: NamespaceText<R> | undefined
  for (const [key, dataset] of Object.entries(datasets).toSorted(byKey)) {
    const { namespace, name } = fromEntityKey(key)
    if (last?.[0] !== namespace) texts.push((last = [namespace, []]))
    last[1].push(convert(name, dataset))
  }
  return texts.length === 0 ? undefined : texts
}
