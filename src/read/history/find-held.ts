import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { asText, fromDateTime, toDateTime } from '../../graph/values.ts'
import { isJsonObject } from '../../openlineage/json-object.ts'
import { toEntityKey, type EntityKey, type EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { jobOf } from '../entities/shown-names.ts'
import { readFormerNames, readNamedVersions, readNames, readVersionsUpTo } from './held-statements.ts'
import { toContent, type HeldVersion } from './held-content.ts'

/** Versions of one dataset that are looked through for the one that a producer names. */
const namedLookedAtMax = 5000
/** Renames in a row that are followed. */
const renamesMax = 5

export interface HeldQuestion {
  dataset: EntityName
  /** What the producer says was read; undefined where it says nothing. */
  version: string | undefined
  /** When it was read: what had been written by then counts, where no version is named. */
  at: Instant
  /** The latest time at which the named version may have been finished: that of the reader's end. */
  until: Instant
  /** Whose own versions do not count. */
  exceptRun: string | undefined
}

export interface Held {
  /** NAMED: the producer says which version; TIME: what was there at the time. */
  how: 'NAMED' | 'TIME'
  /** The version itself first, then what it was appended to. */
  versions: HeldVersion[]
  isCut: boolean
}

/** What datasets held when they were read, one answer for each question; no versions for a dataset of which none is known. */
export async function findHeld(
  tx: GraphTransaction,
  questions: readonly HeldQuestion[],
  { versionsMax, renames = 0 }: { versionsMax: number; renames?: number },
): Promise<Held[]> {
  if (questions.length === 0) return []
  const names = await findNames(tx, questions)
  const asked = questions.map((question, index) => ({
    index,
    names: names.get(toEntityKey(question.dataset)) ?? [question.dataset],
    version: question.version ?? null,
    at: toDateTime(question.at),
    until: toDateTime(question.until),
  }))
  const named = await findNamed(tx, questions, asked)
  const moments = asked.map((one) => ({ ...one, at: toDateTime(momentOf(questions, named, one.index)) }))
  const looked = versionsMax + 2
  const rows = await tx.run(readVersionsUpTo, { questions: moments, looked })
  const held = questions.map((question, index): Held => {
    const versions = rows
      .filter((row) => row['index'] === index)
      .map(toHeldVersion)
      .filter(({ run }) => run === undefined || run.runId !== question.exceptRun)
      .toSorted(byNewest)
    const from = versions.findIndex(({ key }) => key === named.get(index)?.key)
    const content = toContent(versions.slice(Math.max(from, 0)), versionsMax)
    return { how: named.has(index) ? 'NAMED' : 'TIME', ...content }
  })
  return renames === renamesMax ? held : await followRenames(tx, held, { versionsMax, renames })
}

interface Asked {
  index: number
  names: EntityName[]
  version: string | null
  at: unknown
  until: unknown
}

interface Named {
  key: string
  writtenAt: Instant
}

async function findNames(
  tx: GraphTransaction,
  questions: readonly HeldQuestion[],
): Promise<Map<EntityKey, EntityName[]>> {
  const datasets = new Map(questions.map(({ dataset }) => [toEntityKey(dataset), dataset]))
  const names = new Map([...datasets].map(([key, dataset]) => [key, [dataset]]))
  const rows = await tx.run(readNames, { datasets: [...datasets.values()] })
  for (const { namespace, name, otherNamespace, otherName } of rows) {
    const key = toEntityKey({ namespace: String(namespace), name: String(name) })
    names.get(key)?.push({ namespace: String(otherNamespace), name: String(otherName) })
  }
  return names
}

/** Of several versions with the name that a producer gives, the newest written by the time of reading, else the oldest after it. */
async function findNamed(
  tx: GraphTransaction,
  questions: readonly HeldQuestion[],
  asked: readonly Asked[],
): Promise<Map<number, Named>> {
  const naming = asked.filter(({ version }) => version !== null)
  if (naming.length === 0) return new Map()
  const rows = await tx.run(readNamedVersions, { questions: naming, looked: namedLookedAtMax })
  const found = new Map<number, Named>()
  for (const { index } of naming) {
    const at = questions[index]?.at ?? ''
    const candidates = rows
      .filter((row) => row['index'] === index)
      .map(({ shown }) => toNamed(shown))
      .toSorted((a, b) => (a.writtenAt < b.writtenAt ? 1 : -1))
    const best = candidates.find(({ writtenAt }) => writtenAt <= at) ?? candidates.at(-1)
    if (best !== undefined) found.set(index, best)
  }
  return found
}

function toNamed(shown: unknown): Named {
  const version = isJsonObject(shown) ? shown : {}
  return { key: String(version['key']), writtenAt: fromDateTime(version['writtenAt']) ?? '' }
}

function momentOf(
  questions: readonly HeldQuestion[],
  named: ReadonlyMap<number, Named>,
  index: number,
): Instant {
  return named.get(index)?.writtenAt ?? questions[index]?.at ?? ''
}

/** What a renamed dataset held under its former name belongs to it. */
async function followRenames(
  tx: GraphTransaction,
  held: readonly Held[],
  { versionsMax, renames }: { versionsMax: number; renames: number },
): Promise<Held[]> {
  const renamed = held.flatMap(({ versions }) => {
    const last = versions.at(-1)
    return last?.change === 'RENAME' ? [last] : []
  })
  if (renamed.length === 0) return [...held]
  const rows = await tx.run(readFormerNames, { keys: renamed.map(({ key }) => key) })
  const formerly = new Map(rows.map((row) => [String(row['key']), row]))
  const known = renamed.filter(({ key }) => formerly.has(key))
  const questions = known.map(({ key, writtenAt, run }) => ({
    dataset: toDataset(formerly.get(key) ?? {}),
    version: undefined,
    at: writtenAt,
    until: writtenAt,
    exceptRun: run?.runId,
  }))
  const before = await findHeld(tx, questions, { versionsMax, renames: renames + 1 })
  const contentBefore = new Map(known.map(({ key }, index) => [key, before[index]]))
  return held.map((one) => {
    const former = contentBefore.get(one.versions.at(-1)?.key ?? '')
    if (former === undefined) return one
    const versions = [...one.versions, ...former.versions]
    const isCut = one.isCut || former.isCut || versions.length > versionsMax
    return { ...one, versions: versions.slice(0, versionsMax), isCut }
  })
}

function toDataset(row: Row): EntityName {
  return { namespace: String(row['namespace']), name: String(row['name']) }
}

function toHeldVersion({ shown, run }: Row): HeldVersion {
  const version = isJsonObject(shown) ? shown : {}
  const rowCount = version['rowCount']
  const runId = isJsonObject(run) ? asText(run['runId']) : undefined
  return {
    key: String(version['key']),
    dataset: { namespace: String(version['namespace']), name: String(version['dataset']) },
    version: String(version['version']),
    writtenAt: fromDateTime(version['writtenAt']) ?? '',
    change: String(version['change']),
    assumed: version['assumed'] === true,
    rowCount: typeof rowCount === 'number' ? rowCount : undefined,
    run: runId === undefined ? undefined : { runId, job: jobOf(run) },
  }
}

function byNewest(a: HeldVersion, b: HeldVersion): number {
  if (a.writtenAt !== b.writtenAt) return a.writtenAt < b.writtenAt ? 1 : -1
  return a.key < b.key ? 1 : -1
}
