import { cypher } from '../../graph/cypher.ts'
import type { GraphTransaction } from '../../graph/connection.ts'
import type { Reader } from '../../http/access.ts'
import { Problem } from '../../http/problem.ts'
import { normaliseRunId } from '../../openlineage/run-id.ts'
import { readNodeId, type NodeName } from '../node-id.ts'
import { unknownThing } from './unknown-thing.ts'

export type Thing = Exclude<NodeName, { kind: 'field' }>

const findThings = cypher`
  UNWIND $candidates AS one
  CALL (one) {
    MATCH (d:Dataset {namespace: one.namespace, name: one.name}) WHERE one.kind = 'dataset' RETURN d.namespace AS namespace
    UNION ALL
    MATCH (j:Job {namespace: one.namespace, name: one.name}) WHERE one.kind = 'job' RETURN j.namespace AS namespace
    UNION ALL
    MATCH (r:Run {runId: one.runId}) WHERE one.kind = 'run' RETURN r.jobNamespace AS namespace
  }
  RETURN one.index AS index, namespace
`

/**
 * The thing that an id of the API names: `dataset:…`, `job:…` or `run:…`.
 * @param kinds those that make sense here
 * @throws {Problem} `request-invalid` for what is no id of these, `node-unknown` for what is not there or not to be seen
 */
export async function findThing(
  tx: GraphTransaction,
  { id, kinds, reader }: { id: string; kinds: readonly Thing['kind'][]; reader: Reader },
): Promise<Thing> {
  const candidates = readNodeId(id).filter(isThing).map(toStored)
  const [first] = candidates
  if (first === undefined || !kinds.includes(first.kind)) {
    const forms = kinds.map((kind) => (kind === 'run' ? 'run:<runId>' : `${kind}:<namespace>:<name>`))
    const detail = `${JSON.stringify(id.slice(0, idCharsShown))} is no id of a ${kinds.join(' or ')}: write ${forms.join(' or ')}, with %3A for a colon in the namespace or name.`
    throw new Problem('request-invalid', { detail })
  }
  const rows = await tx.run(findThings, {
    candidates: candidates.map((candidate, index) => ({ index, ...candidate })),
  })
  const seen = rows.find(
    ({ namespace }) =>
      reader.namespaces === undefined || (typeof namespace === 'string' && reader.sees(namespace)),
  )
  const found = seen === undefined ? undefined : candidates[Number(seen['index'])]
  if (found === undefined) throw unknownThing(first)
  return found
}

/**
 * Sees to it that an empty list is one of something that is there.
 * @throws {Problem} `node-unknown`
 */
export async function requireThere(
  tx: GraphTransaction,
  thing: Thing,
  listed: readonly unknown[],
): Promise<void> {
  if (listed.length > 0) return
  const found = await tx.run(findThings, { candidates: [{ index: 0, ...thing }] })
  if (found.length === 0) throw unknownThing(thing)
}

const idCharsShown = 200

function isThing(node: NodeName): node is Thing {
  return node.kind !== 'field'
}

/** As the graph spells it. */
function toStored(thing: Thing): Thing {
  return thing.kind === 'run' ? { kind: 'run', runId: normaliseRunId(thing.runId) } : thing
}
