import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText, fromDateTime } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { fromEntityKey, toEntityKey, type EntityKey, type EntityName } from '../../openlineage/keys.ts'
import type { Instant } from '../../openlineage/time.ts'
import { toNodeId } from '../node-id.ts'
import { readStructuresAt, type StructureAt } from './structure-at.ts'

const datasetsMax = 1000
/** Flows around one dataset that are looked at. */
const flowsMax = 1000

const findFlowsAround = cypher`
  UNWIND $datasets AS one
  MATCH (d:Dataset {namespace: one.namespace, name: one.name})
  CALL (d) {
    MATCH (d)<-[x:FEEDS]-(o:Dataset) WHERE $upstream RETURN o AS a, x, d AS b LIMIT toInteger($rows)
    UNION
    MATCH (d)-[x:FEEDS]->(o:Dataset) WHERE $downstream RETURN d AS a, x, o AS b LIMIT toInteger($rows)
  }
  RETURN a.namespace AS fromNamespace, a.name AS fromName, b.namespace AS toNamespace, b.name AS toName,
    x.jobNamespace AS jobNamespace, x.jobName AS jobName, x.derivation AS derivation, x.current AS current,
    x.firstSeenAt AS firstSeenAt, x.lastSeenAt AS lastSeenAt
`

/** An edge that held at a time; its text tells whether it is another. */
interface Edge {
  from: string
  to: string
  kind: 'FEEDS' | 'READS' | 'WRITES'
  derivation?: string
  job?: string
}

export interface LineageDiffQuestion {
  from: Instant
  to: Instant
  direction: 'upstream' | 'downstream' | 'both'
  depth: number
  reader: Reader
}

/** Which edges around a dataset came between two times, and which went, so many steps away. */
export async function diffLineageOfDataset(
  tx: GraphTransaction,
  dataset: EntityName,
  { from, to, direction, depth, reader }: LineageDiffQuestion,
): Promise<Record<string, unknown>> {
  const sides: { from: Edge[]; to: Edge[] } = { from: [], to: [] }
  const visited = new Set([toEntityKey(dataset)])
  const hidden = new Set<string>()
  const fanOut = new Set<string>()
  let isCut = false
  let frontier = [toEntityKey(dataset)]
  for (let level = 1; level <= depth && frontier.length > 0; level += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a level is known when the one before is
    const found = await readLevel(tx, frontier, { from, to, direction })
    const seen = (edges: readonly Touching[]) => edges.filter((edge) => isSeen(edge, reader, hidden))
    const [before, after] = [seen(found.from), seen(found.to)]
    sides.from.push(...before.map(toEdge))
    sides.to.push(...after.map(toEdge))
    for (const crowded of found.crowded) fanOut.add(datasetId(crowded))
    const next = [...before, ...after].flatMap((edge) => [edge.from, edge.to])
    frontier = [...new Set(next)].filter((key) => !visited.has(key))
    if (visited.size + frontier.length > datasetsMax) isCut = true
    frontier = frontier.slice(0, Math.max(datasetsMax - visited.size, 0))
    for (const key of frontier) visited.add(key)
  }
  return {
    ...toDifference(sides),
    truncated: { nodes: isCut, depth: frontier.length > 0, fanOut: [...fanOut] },
    hidden: hidden.size,
  }
}

/** What a job read, wrote and let flow at one time and not at another. */
export async function diffLineageOfJob(
  tx: GraphTransaction,
  job: EntityName,
  { from, to, reader }: LineageDiffQuestion,
): Promise<Record<string, unknown>> {
  const key = toEntityKey(job)
  const structures = (await readStructuresAt(tx, { jobs: [key], from, to })).get(key)
  const hidden = new Set<string>()
  const edgesOf = (structure: StructureAt | undefined) =>
    structure === undefined ? [] : toEdgesOfJob(job, structure, { reader, hidden })
  return {
    ...toDifference({ from: edgesOf(structures?.from), to: edgesOf(structures?.to) }),
    truncated: { nodes: false, depth: false, fanOut: [] },
    hidden: hidden.size,
  }
}

function toEdgesOfJob(
  job: EntityName,
  { content, flows }: StructureAt,
  { reader, hidden }: { reader: Reader; hidden: Set<string> },
): Edge[] {
  const id = toNodeId({ kind: 'job', ...job })
  const seen = (key: EntityKey) => isSeenKey(key, reader, hidden)
  return [
    ...content.inputs.filter(seen).map((input): Edge => ({ from: datasetId(input), to: id, kind: 'READS' })),
    ...content.outputs
      .filter(seen)
      .map((output): Edge => ({ from: id, to: datasetId(output), kind: 'WRITES' })),
    ...flows
      .map((flow) => ({ ...flow, job: toEntityKey(job) }))
      .filter((flow) => isSeen(flow, reader, hidden))
      .map(toEdge),
  ]
}

interface Touching {
  from: EntityKey
  to: EntityKey
  derivation: string
  job: EntityKey | undefined
}

/** The flows that touch datasets, as of both times: of jobs with versions by these, of the others by when each was seen. */
async function readLevel(
  tx: GraphTransaction,
  frontier: readonly EntityKey[],
  { from, to, direction }: Pick<LineageDiffQuestion, 'from' | 'to' | 'direction'>,
): Promise<{ from: Touching[]; to: Touching[]; crowded: EntityKey[] }> {
  const rows = await tx.run(findFlowsAround, {
    datasets: frontier.map(fromEntityKey),
    upstream: direction !== 'downstream',
    downstream: direction !== 'upstream',
    rows: flowsMax,
  })
  const jobs = [...new Set(rows.flatMap((row) => jobOf(row) ?? []))]
  const structures = await readStructuresAt(tx, { jobs, from, to })
  const touched = new Set(frontier)
  const touches = (flow: Touching) =>
    (direction !== 'downstream' && touched.has(flow.to)) ||
    (direction !== 'upstream' && touched.has(flow.from))
  const unversioned = rows.filter((row) => {
    const job = jobOf(row)
    return job === undefined || structures.get(job) === undefined
  })
  const at = (side: 'from' | 'to', time: Instant): Touching[] => [
    ...[...structures].flatMap(([job, structure]) =>
      (structure?.[side].flows ?? []).map((flow) => ({ ...flow, job })).filter(touches),
    ),
    ...unversioned.filter((row) => heldAt(row, time)).map(toTouching),
  ]
  return { from: at('from', from), to: at('to', to), crowded: crowdedOf(rows, touched) }
}

function crowdedOf(rows: readonly Row[], touched: ReadonlySet<EntityKey>): EntityKey[] {
  const counts = new Map<EntityKey, number>()
  for (const row of rows) {
    for (const end of [toTouching(row).from, toTouching(row).to].filter((key) => touched.has(key)))
      counts.set(end, (counts.get(end) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count >= flowsMax).map(([key]) => key)
}

/** Whether an edge that no completed run made had been seen by a time, and was not over. */
function heldAt(row: Row, time: Instant): boolean {
  const [first, last] = [fromDateTime(row['firstSeenAt']) ?? '', fromDateTime(row['lastSeenAt']) ?? '']
  return first <= time && (row['current'] === true || last.slice(0, hourChars) >= time.slice(0, hourChars))
}

/** `lastSeenAt` is rounded down to the hour. */
const hourChars = 13

function toTouching(row: Row): Touching {
  const end = (side: 'from' | 'to') =>
    toEntityKey({ namespace: String(row[`${side}Namespace`]), name: String(row[`${side}Name`]) })
  return { from: end('from'), to: end('to'), derivation: asText(row['derivation']) ?? 'IO', job: jobOf(row) }
}

function jobOf({ jobNamespace, jobName }: Row): EntityKey | undefined {
  const [namespace, name] = [asText(jobNamespace), asText(jobName)]
  return namespace === undefined || name === undefined ? undefined : toEntityKey({ namespace, name })
}

function isSeen(
  { from, to, job }: Pick<Touching, 'from' | 'to' | 'job'>,
  reader: Reader,
  hidden: Set<string>,
) {
  // All of them are looked at, so that each is counted.
  const unseen = [from, to, ...(job === undefined ? [] : [job])].filter(
    (key) => !isSeenKey(key, reader, hidden),
  )
  return unseen.length === 0
}

function isSeenKey(key: EntityKey, reader: Reader, hidden: Set<string>): boolean {
  if (reader.sees(fromEntityKey(key).namespace)) return true
  hidden.add(key)
  return false
}

function datasetId(key: EntityKey): string {
  return toNodeId({ kind: 'dataset', ...fromEntityKey(key) })
}

function toEdge({ from, to, derivation, job }: Touching): Edge {
  return {
    from: datasetId(from),
    to: datasetId(to),
    kind: 'FEEDS',
    derivation,
    ...(job !== undefined && { job: toNodeId({ kind: 'job', ...fromEntityKey(job) }) }),
  }
}

/** The edges of one side alone, each once. That one is known otherwise than before is no difference. */
function toDifference({ from, to }: { from: readonly Edge[]; to: readonly Edge[] }): Record<string, unknown> {
  const keyOf = (edge: Edge) => JSON.stringify([edge.kind, edge.from, edge.to, edge.job])
  const [before, after] = [from, to].map((edges) => new Map(edges.map((edge) => [keyOf(edge), edge])))
  const only = (some: Map<string, Edge> | undefined, others: Map<string, Edge> | undefined) =>
    [...(some ?? [])].filter(([key]) => others?.has(key) !== true).map(([, edge]) => edge)
  const came = only(after, before)
  return { came, went: only(before, after), stayed: (after?.size ?? 0) - came.length }
}
