import type { GraphTransaction, Row } from '../../graph/connection.ts'
import { cypher } from '../../graph/cypher.ts'
import { asText } from '../../graph/values.ts'
import type { Reader } from '../../http/access.ts'
import { groupBy } from '../../project/group-by.ts'
import { toFlow, type Flow } from './flow.ts'
import { toWayParameters } from './flow-steps.ts'
import type { Neighbours, Steps } from './walk.ts'

/** Versions of one dataset that are looked at for one read: what has been appended since it was last written anew. */
const versionsMax = 100

/** What each run read: the newest versions that there were of it, under all its names. */
const findReadVersionsStatement = cypher`
  UNWIND $ids AS id
  MATCH (n:Run) WHERE elementId(n) = id
  WITH id, n WHERE $isUp
  MATCH (n)-[x:READ]->(d:Dataset)
  WITH id, x, d LIMIT toInteger($rows)
  CALL (d) {
    MATCH (d)-[:SAME_AS*0..2]-(e:Dataset) RETURN DISTINCT e LIMIT 50
  }
  CALL (x, e) {
    MATCH (v:DatasetVersion)
    WHERE v.namespace = e.namespace AND v.dataset = e.name AND v.writtenAt <= x.at
    RETURN v ORDER BY v.namespace DESC, v.dataset DESC, v.writtenAt DESC LIMIT toInteger($versionsMax)
  }
  MATCH (far:Run)-[:PRODUCED]->(v)
  OPTIONAL MATCH (far)-[:RUN_OF]->(j:Job)
  RETURN id AS near, elementId(far) AS far, elementId(d) AS dataset, d.namespace AS namespace, d.name AS name,
    x.version AS named, v.version AS version, v.change AS change, v.writtenAt AS writtenAt, x.at AS at,
    $visible IS NULL OR (d.namespace IN $visible AND j.namespace IN $visible) AS isSeen
  ORDER BY near, dataset, writtenAt DESC
`

/** Who read what each run wrote, before it was written anew. */
const findReadersStatement = cypher`
  UNWIND $ids AS id
  MATCH (n:Run) WHERE elementId(n) = id
  WITH id, n WHERE $isDown
  MATCH (n)-[:PRODUCED]->(v:DatasetVersion)-[:VERSION_OF]->(d:Dataset)
  CALL (v) {
    MATCH (w:DatasetVersion)
    WHERE w.namespace = v.namespace AND w.dataset = v.dataset AND w.writtenAt > v.writtenAt
      AND w.change IN ['CREATE', 'OVERWRITE', 'TRUNCATE', 'DROP']
    RETURN min(w.writtenAt) AS next
  }
  CALL (d) {
    MATCH (d)-[:SAME_AS*0..2]-(e:Dataset) RETURN DISTINCT e LIMIT 50
  }
  MATCH (e)<-[x:READ]-(far:Run)
  WHERE x.at >= v.writtenAt AND (next IS NULL OR x.at < next) AND far <> n
    AND (x.version IS NULL OR x.version = v.version OR v.version = n.runId)
  OPTIONAL MATCH (far)-[:RUN_OF]->(j:Job)
  RETURN id AS near, elementId(far) AS far, d.namespace AS namespace, d.name AS name, v.version AS version, x.at AS at,
    $visible IS NULL OR (d.namespace IN $visible AND j.namespace IN $visible) AS isSeen
  LIMIT toInteger($rows)
`

/** A version that nothing older shines through. */
const startsAnew = new Set(['CREATE', 'OVERWRITE', 'TRUNCATE', 'DROP'])

/** Rows that one step may have: readers of a hub. */
const rowsMax = 20_000

interface Found {
  near: string
  far: string
  isSeen: boolean
  flow: Flow
}

/**
 * Steps from a run to those that produced the versions which it read, and to those that read the versions which it produced. The
 * version that was read is the one that the producer names, else what was there: the last one written anew, and all appended since.
 * @param flows takes each edge that is found
 */
export function runSteps(
  tx: GraphTransaction,
  { reader, fanOutMax, flows }: { reader: Reader; fanOutMax: number; flows: Map<string, Flow> },
): Steps {
  return {
    follow: async (nodes, ways) => {
      const parameters = {
        ids: nodes,
        ...toWayParameters(ways),
        visible: reader.namespaces ?? null,
        versionsMax,
        rows: rowsMax,
      }
      const above = await tx.run(findReadVersionsStatement, parameters)
      const below = await tx.run(findReadersStatement, parameters)
      const found = [
        ...pickRead(above).map((row) => toFound(row, { isAbove: true })),
        ...below.map((row) => toFound(row, { isAbove: false })),
      ].filter(({ near, far }) => near !== far)
      for (const { flow, isSeen } of found) if (isSeen) flows.set(`${flow.from} ${flow.to} ${flow.key}`, flow)
      return [...groupBy(found, ({ near }) => near)].map(([from, some]) =>
        toNeighbours(from, some, fanOutMax),
      )
    },
  }
}

function pickRead(rows: readonly Row[]): Row[] {
  return [...groupBy(rows, ({ near, dataset }) => `${String(near)} ${String(dataset)}`).values()].flatMap(
    (versions) => {
      const named = versions.filter((row) => row['named'] !== null && row['named'] === row['version'])
      if (named.length > 0) return named
      const anew = versions.findIndex(({ change }) => startsAnew.has(String(change)))
      return anew === -1 ? versions : versions.slice(0, anew + 1).filter(({ change }) => change !== 'DROP')
    },
  )
}

function toFound(row: Row, { isAbove }: { isAbove: boolean }): Found {
  const [near, far] = [asText(row['near']) ?? '', asText(row['far']) ?? '']
  const [namespace, name] = [asText(row['namespace']) ?? '', asText(row['name']) ?? '']
  const version = asText(row['version'])
  const flow: Flow = {
    ...toFlow({ kind: 'READ', from: isAbove ? far : near, to: isAbove ? near : far, firstSeenAt: row['at'] }),
    key: JSON.stringify([namespace, name, version]),
    dataset: { namespace, name },
    version,
  }
  return { near, far, isSeen: row['isSeen'] === true, flow }
}

function toNeighbours(from: string, found: readonly Found[], fanOutMax: number): Neighbours {
  const farOf = (some: readonly Found[]) => [...new Set(some.map(({ far }) => far))]
  const to = farOf(found.filter(({ isSeen }) => isSeen))
  return {
    from,
    to: to.slice(0, fanOutMax),
    names: [],
    hidden: farOf(found.filter(({ isSeen }) => !isSeen)),
    isCut: to.length > fanOutMax || found.length >= rowsMax,
  }
}
