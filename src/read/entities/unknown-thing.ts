import type { Reader } from '../../http/access.ts'
import { Problem } from '../../http/problem.ts'
import type { EntityName } from '../../openlineage/keys.ts'
import { toNodeId, type NodeName } from '../node-id.ts'

/** What is not there, and what a reader may not see, are answered alike: nobody learns of names by guessing. */
export function unknownThing(node: NodeName): Problem {
  return new Problem('node-unknown', {
    detail: `There is no ${toNodeId(node)}, or your key may not see it. Look at its spelling: GET /api/v2/${node.kind}s lists what there is.`,
  })
}

/** @throws {Problem} `node-unknown` where the reader may not see a namespace */
export function requireSeen(reader: Reader, kind: 'dataset' | 'job', named: EntityName): void {
  if (!reader.sees(named.namespace)) throw unknownThing({ kind, ...named })
}
