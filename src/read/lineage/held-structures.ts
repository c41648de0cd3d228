import type { GraphTransaction } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, asTexts, toDateTime } from '../../graph/values.ts'
import { fromEntityKey, toEntityKey, type EntityKey } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { clockTime } from '../../project/clock.ts'
import { decodeContent, type JobContent } from '../../project/job-content.ts'
import { decodeLineage, type LineageContent } from '../../project/structure.ts'
import { toStructure } from '../../project/to-structure.ts'
import type { Flow } from './flow.ts'

/** From when until when, both included; the same twice for a point in time. */
export interface Span {
  from: Instant
  until: Instant
}

/**
 * Which contents of each job held in a span: the one whose run had begun last when the span began, and those of which a run began in it.
 * Runs are looked at only where the times of several versions overlap. `lastSeenAt` is an hour, which may have begun earlier; `first` of a run is a text.
 */
const findHeldStatement = cypher`
  UNWIND $jobs AS job
  MATCH (j:Job {namespace: job.namespace, name: job.name})
  CALL (j) {
    OPTIONAL MATCH (j)<-[:VERSION_OF]-(v:JobVersion)
    WHERE v.firstSeenAt <= $from
    WITH v ORDER BY v.firstSeenAt DESC LIMIT 1
    RETURN v AS latest
  }
  CALL (j, latest) {
    MATCH (j)<-[:VERSION_OF]-(v:JobVersion)
    WHERE v.firstSeenAt <= $from AND v.lastSeenAt > latest.firstSeenAt - duration('PT1H')
    RETURN collect(v) AS rivals
  }
  CALL (rivals) {
    WITH rivals WHERE size(rivals) = 1
    RETURN rivals[0] AS held
    UNION ALL
    WITH rivals WHERE size(rivals) > 1
    UNWIND rivals AS v
    MATCH (v)<-[x:OF_VERSION]-(:Run)
    WHERE x.first <= $fromText
    WITH v, max(x.first) AS began
    ORDER BY began DESC, v.clock DESC LIMIT 1
    RETURN v AS held
    UNION ALL
    WITH rivals WHERE size(rivals) = 0
    RETURN null AS held
  }
  CALL (j) {
    MATCH (j)<-[:VERSION_OF]-(v:JobVersion)
    WHERE $from < $until AND v.firstSeenAt <= $until AND v.lastSeenAt > $from - duration('PT1H')
      AND (v.firstSeenAt > $from OR EXISTS { (v)<-[x:OF_VERSION]-(:Run) WHERE x.first > $fromText AND x.first <= $untilText })
    RETURN collect(v.structure) AS begun
  }
  RETURN j.namespace AS namespace, j.name AS name, held.structure AS held, begun, j.declared AS declared,
    j.declaredClock AS declaredClock, EXISTS { (j)<-[:VERSION_OF]-() } AS hasVersions
`

const findLineagesStatement = cypher`
  UNWIND $keys AS key
  MATCH (c:ColumnLineage {key: key})
  RETURN c.key AS key, c.content AS content
`

/** What a job did in the span; undefined where nothing tells, because it has neither completed nor been declared. */
type HeldFlows = { keys: Set<string>; reads: Set<EntityKey>; writes: Set<EntityKey> } | undefined

/** Tells which edges held in a span. */
export interface Held {
  /** Has to know the jobs of edges before it is asked of them. */
  learn(flows: readonly Flow[]): Promise<void>
  admits(flow: Flow): boolean
}

export function createHeld(tx: GraphTransaction, span: Span): Held {
  const known = new Map<EntityKey, HeldFlows>()
  return {
    learn: async (flows) => {
      const jobs = new Set(flows.flatMap(({ job }) => (job === undefined ? [] : [toEntityKey(job)])))
      const unknown = [...jobs].filter((job) => !known.has(job))
      if (unknown.length === 0) return
      for (const [job, held] of await findHeld(tx, { jobs: unknown, span })) known.set(job, held)
    },
    admits: (flow) => {
      if (flow.firstSeenAt !== undefined && flow.firstSeenAt > span.until) return false
      const held = flow.job === undefined ? undefined : known.get(toEntityKey(flow.job))
      if (held === undefined) return true
      if (flow.dataset !== undefined)
        return (flow.kind === 'READS' ? held.reads : held.writes).has(toEntityKey(flow.dataset))
      return flow.key !== undefined && held.keys.has(flow.key)
    },
  }
}

async function findHeld(
  tx: GraphTransaction,
  { jobs, span }: { jobs: readonly EntityKey[]; span: Span },
): Promise<[EntityKey, HeldFlows][]> {
  const rows = await tx.run(findHeldStatement, {
    jobs: jobs.map(fromEntityKey),
    from: toDateTime(span.from),
    until: toDateTime(span.until),
    fromText: span.from,
    untilText: span.until,
  })
  const works = rows.map((row) => {
    const declaredClock = asText(row['declaredClock'])
    const isDeclared = declaredClock !== undefined && clockTime(declaredClock) <= span.until
    const structures = [
      asText(row['held']),
      ...asTexts(row['begun']),
      isDeclared ? asText(row['declared']) : undefined,
    ]
    const contents = [...new Set(structures.filter((text) => text !== undefined))].map(decodeContent)
    const job = toEntityKey({ namespace: String(row['namespace']), name: String(row['name']) })
    return { job, contents, isKnown: row['hasVersions'] === true || declaredClock !== undefined }
  })
  const lineages = await findLineages(
    tx,
    works.flatMap(({ contents }) => contents),
  )
  return works.map(({ job, contents, isKnown }) => [
    job,
    isKnown ? toHeldFlows(job, { contents, lineages }) : undefined,
  ])
}

async function findLineages(
  tx: GraphTransaction,
  contents: readonly JobContent[],
): Promise<Map<string, LineageContent>> {
  const keys = new Set(
    contents.flatMap(({ columnLineage, lineage = [] }) => [...Object.values(columnLineage), ...lineage]),
  )
  if (keys.size === 0) return new Map()
  const rows = await tx.run(findLineagesStatement, { keys: [...keys] })
  return new Map(rows.map((row) => [String(row['key']), decodeLineage(String(row['content']))]))
}

function toHeldFlows(
  job: EntityKey,
  { contents, lineages }: { contents: readonly JobContent[]; lineages: ReadonlyMap<string, LineageContent> },
): HeldFlows {
  const structures = contents.map((content) => toStructure(job, content, lineages))
  const keys = structures.flatMap(({ feeds, fieldFeeds, influences, mixedFeeds }) =>
    [...feeds, ...fieldFeeds, ...influences, ...mixedFeeds].map(({ key }) => key),
  )
  return {
    keys: new Set(keys),
    reads: new Set(structures.flatMap(({ reads }) => reads)),
    writes: new Set(structures.flatMap(({ writes }) => writes)),
  }
}
