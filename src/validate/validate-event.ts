import { isRunEvent, type LineageEvent } from '../openlineage/events.ts'
import { isJsonObject } from '../openlineage/json-object.ts'
import { isUuid } from '../openlineage/run-id.ts'
import { dropStructuralNulls } from '../openlineage/structural-nulls.ts'
import { hasZone } from '../openlineage/time.ts'
import { findFacetFaults } from './facet-faults.ts'
import { type Finding, findingsMax, toFinding } from './finding.ts'
import { isUri } from './formats.ts'
import { createSchemaCatalog, type EventKind } from './schema-catalog.ts'
import { findProblems, toEventKind } from './structure.ts'
import type { WarningKind } from './warning-kinds.ts'

export type Verdict =
  | {
      ok: true
      /** The event without structural nulls. All pointers mean this one. */
      event: LineageEvent
      /** At most `findingsMax`. */
      warnings: Finding[]
      /** The kinds of all warnings, each once, sorted: what follows from the event's text alone. */
      warningKinds: WarningKind[]
      /** Pointers to all facets that break their schema: kept, but not interpreted. */
      brokenFacets: string[]
    }
  | {
      ok: false
      kind: EventKind | 'unknown'
      /** At most `findingsMax`. */
      problems: Finding[]
    }

export type EventValidator = (value: unknown) => Verdict

/**
 * Compiles the schemas: once at start. What is wrong with the structure of an event rejects it; what is odd about
 * its formats and facets only warns, unless the validator is strict.
 */
export function createEventValidator({ strict }: { strict: boolean }): EventValidator {
  const catalog = createSchemaCatalog()
  return (value) => {
    const event = dropStructuralNulls(value)
    if (!isJsonObject(event)) return reject('unknown', [toFinding('#', 'must be an object')])
    const kind = toEventKind(event)
    if (kind === undefined)
      return reject('unknown', [toFinding('#/run', 'is required; or a job, or a dataset')])
    const problems = findProblems(event, { kind, catalog })
    if (!isLineageEvent(event, problems)) return reject(kind, problems)
    const faults = findFacetFaults(event, catalog)
    const oddities = findOddities(event)
    const warnings = [...oddities.map(({ finding }) => finding), ...faults.warnings].slice(0, findingsMax)
    if (strict && warnings.length > 0) return reject(kind, warnings)
    const warningKinds = [...new Set([...oddities.map((oddity) => oddity.kind), ...faults.kinds])].toSorted()
    return { ok: true, event, warnings, warningKinds, brokenFacets: faults.brokenFacets }
  }
}

function reject(kind: EventKind | 'unknown', problems: Finding[]): Verdict {
  return { ok: false, kind, problems }
}

/** The one place where an unknown value becomes an event: its structure has no problems. */
function isLineageEvent(event: unknown, problems: readonly Finding[]): event is LineageEvent {
  return isJsonObject(event) && problems.length === 0
}

interface Oddity {
  kind: WarningKind
  finding: Finding
}

function findOddities(event: LineageEvent): Oddity[] {
  const oddities: Oddity[] = []
  const add = (kind: WarningKind, pointer: string, detail: string) =>
    oddities.push({ kind, finding: toFinding(pointer, detail) })
  if (!hasZone(event.eventTime)) add('TIME_WITHOUT_ZONE', '#/eventTime', 'has no zone; taken as UTC')
  if (!isUri(event.producer)) add('PRODUCER_NO_URI', '#/producer', 'is not a URI')
  if (!isUri(event.schemaURL)) add('SCHEMA_URL_NO_URI', '#/schemaURL', 'is not a URI')
  if (isRunEvent(event) && !isUuid(event.run.runId)) add('RUN_ID_NO_UUID', '#/run/runId', 'is not a UUID')
  if (isRunEvent(event) && 'dataset' in event)
    add('DATASET_BESIDE_RUN', '#/dataset', 'is not read: a run names its datasets in inputs and outputs')
  return oddities
}
