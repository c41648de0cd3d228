import { toProducerName } from '../openlineage/producer-name.ts'
import type { Instant } from '../openlineage/time.ts'
import type { ProducerFigures } from './producer-figures.ts'

/** What a team wants to know of an integration: `docs/producers.md` says what each figure means. */
export interface ProducerEntry {
  name: string
  version: string | null
  /** The URIs that name it. */
  uris: string[]
  events: number
  firstEventAt: Instant | null
  lastEventAt: Instant | null
  eventsWithWarnings: number
  warnings: WarningCount[]
  runs: {
    seen: number
    completed: number
    withoutEnd: number
    completeWithoutStart: number
    missingParent: number
    /** A run without an end. */
    example?: string
  }
  outputs: { written: number; withSchema: number; withColumnLineage: number }
  deadLetters: { kind: string; letters: number }[]
}

export interface WarningCount {
  kind: string
  events: number
  /** The id of one such event. */
  example: string
}

export interface LetterCount {
  kind: string
  producer: string
  letters: number
}

const urisListedMax = 10

/** Puts the figures of all URIs of one integration and version together, the busiest first. */
export function toProducerReport(figures: ProducerFigures, letters: readonly LetterCount[]): ProducerEntry[] {
  const entries = new Map<string, ProducerEntry>()
  const entryOf = (uri: string) => findEntry(entries, uri)
  for (const said of figures.events) addEvents(entryOf(said.producer), said)
  for (const said of figures.runs) {
    const { runs } = entryOf(said.producer)
    runs.seen += said.runs
    runs.completed += said.completed
    runs.completeWithoutStart += said.completeWithoutStart
    runs.missingParent += said.missingParent
  }
  for (const { producer, runs: unended, example } of figures.unended) {
    const { runs } = entryOf(producer)
    runs.withoutEnd += unended
    runs.example = example
  }
  for (const said of figures.outputs) {
    const { outputs } = entryOf(said.producer)
    outputs.written += said.outputs
    outputs.withSchema += said.withSchema
    outputs.withColumnLineage += said.withColumnLineage
  }
  for (const { producer, kind, letters: count } of letters) addLetters(entryOf(producer), kind, count)
  return [...entries.values()].toSorted((a, b) => b.events - a.events || compareNames(a, b))
}

function findEntry(entries: Map<string, ProducerEntry>, uri: string): ProducerEntry {
  const { name, version } = toProducerName(uri)
  const key = JSON.stringify([name, version])
  const entry = entries.get(key) ?? emptyEntry(name, version)
  entries.set(key, entry)
  if (entry.uris.length < urisListedMax && !entry.uris.includes(uri)) entry.uris.push(uri)
  return entry
}

function emptyEntry(name: string, version: string | undefined): ProducerEntry {
  return {
    name,
    version: version ?? null,
    uris: [],
    events: 0,
    firstEventAt: null,
    lastEventAt: null,
    eventsWithWarnings: 0,
    warnings: [],
    runs: { seen: 0, completed: 0, withoutEnd: 0, completeWithoutStart: 0, missingParent: 0 },
    outputs: { written: 0, withSchema: 0, withColumnLineage: 0 },
    deadLetters: [],
  }
}

function addEvents(entry: ProducerEntry, said: ProducerFigures['events'][number]): void {
  entry.events += said.events
  if (entry.firstEventAt === null || said.first < entry.firstEventAt) entry.firstEventAt = said.first
  if (entry.lastEventAt === null || said.last > entry.lastEventAt) entry.lastEventAt = said.last
  if (said.warnings.length > 0) entry.eventsWithWarnings += said.events
  for (const kind of said.warnings) {
    const known = entry.warnings.find((warning) => warning.kind === kind)
    if (known === undefined) entry.warnings.push({ kind, events: said.events, example: said.example })
    else known.events += said.events
  }
  entry.warnings.sort((a, b) => b.events - a.events || (a.kind < b.kind ? -1 : 1))
}

function addLetters(entry: ProducerEntry, kind: string, letters: number): void {
  const known = entry.deadLetters.find((group) => group.kind === kind)
  if (known === undefined) entry.deadLetters.push({ kind, letters })
  else known.letters += letters
}

function compareNames(a: ProducerEntry, b: ProducerEntry): number {
  const [first, second] = [a, b].map(({ name, version }) => `${name} ${version ?? ''}`)
  return (first ?? '') < (second ?? '') ? -1 : 1
}
