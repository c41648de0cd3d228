import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { Problem } from '../../http/problem.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { latest } from '../entities/positions.ts'
import { unknownThing } from '../entities/unknown-thing.ts'
import { toNodeId } from '../node-id.ts'
import { findHeld } from './find-held.ts'
import { findVersion } from './find-version.ts'
import { readRunsWithReads } from './origin-runs.ts'
import { readRunCodes } from './run-code.ts'
import { toShownOrigin } from './show-origin.ts'
import { walkOrigin, type Origin, type OriginLimits } from './walk-origin.ts'

/** Runs whose code is read out of their events. */
const codesMax = 100

/** Which version of a dataset: by its name, by the run that made it, or what was there at a time. */
export interface VersionChoice {
  version: string | undefined
  runId: string | undefined
  at: Instant | undefined
}

interface OriginQuestion {
  limits: OriginLimits
  reader: Reader
}

/**
 * Where a version of a dataset comes from.
 * @throws {Problem} `node-unknown` where there is no such version
 */
export async function readOriginOfVersion(
  tx: GraphTransaction,
  { dataset, choice, ...asked }: { dataset: EntityName; choice: VersionChoice } & OriginQuestion,
): Promise<Record<string, unknown>> {
  const found = await findVersion(tx, { dataset, choice })
  const content =
    found ??
    (choice.version === undefined && choice.runId === undefined
      ? { at: choice.at ?? latest, version: undefined }
      : undefined)
  if (content === undefined) throw unknownVersion(dataset)
  const [held] = await findHeld(
    tx,
    [{ dataset, version: undefined, at: content.at, until: content.at, exceptRun: undefined }],
    { versionsMax: asked.limits.appends },
  )
  const versions = held?.versions ?? []
  // Of versions written at one time, the one that was asked for comes first.
  const from = versions.findIndex(({ key }) => key === content.version)
  const start = from > 0 ? versions.slice(from) : versions
  const [first] = start
  if (first === undefined) throw unknownVersion(dataset)
  const origin = await walkOrigin(tx, { versions: start }, asked)
  if (held?.isCut === true) origin.truncated.fanOut.add(toNodeId({ kind: 'dataset', ...dataset }))
  const of = toNodeId({ kind: 'dataset', ...dataset })
  return { of, version: first.key, ...(await toAnswer(tx, origin, asked)) }
}

/**
 * Where what a run read comes from, whatever became of the run.
 * @throws {Problem} `node-unknown`
 */
export async function readOriginOfRun(
  tx: GraphTransaction,
  { runId, ...asked }: { runId: string } & OriginQuestion,
): Promise<Record<string, unknown>> {
  const [run] = await readRunsWithReads(tx, [runId])
  if (run === undefined) throw unknownThing({ kind: 'run', runId })
  const origin = await walkOrigin(tx, { versions: [], runId }, asked)
  return { of: toNodeId({ kind: 'run', runId }), ...(await toAnswer(tx, origin, asked)) }
}

async function toAnswer(
  tx: GraphTransaction,
  origin: Origin,
  { limits, reader }: OriginQuestion,
): Promise<Record<string, unknown>> {
  // Runs of one version of a job ran the same code: one of them tells it.
  const tellers = new Map<string, string>()
  for (const { run } of origin.runs.values()) {
    const code = run.jobVersion ?? run.runId
    if (!tellers.has(code)) tellers.set(code, run.runId)
  }
  const asked = [...tellers.values()].slice(0, codesMax)
  const told = await readRunCodes(tx, asked)
  const codes = new Map(
    [...origin.runs.values()].flatMap(({ run }) => {
      const code = told.get(tellers.get(run.jobVersion ?? run.runId) ?? '')
      return code === undefined ? [] : [[run.runId, code] as const]
    }),
  )
  const isCodeCut = tellers.size > asked.length
  return { depth: limits.depth, ...toShownOrigin(origin, { codes, isCodeCut, reader }) }
}

function unknownVersion(dataset: EntityName): Problem {
  const path = `/api/v2/datasets/${encodeURIComponent(dataset.namespace)}/${encodeURIComponent(dataset.name)}/versions`
  const detail = `There is no such version of ${toNodeId({ kind: 'dataset', ...dataset })}: GET ${path} lists those there are.`
  return new Problem('node-unknown', { detail })
}
