import { readNodeId } from '../../read/node-id.ts'
import { CollectorRefused } from '../collector-door.ts'
import { OptionError } from '../terminal.ts'
import type { Asking } from './asking.ts'

const listedMax = 200

/**
 * The path of one dataset or job in the API. An id whose colons are not escaped may mean several: the graph knows which there is.
 * @throws {OptionError} for an id of another kind
 */
export async function toThingPath(id: string, { door }: Asking, kind: 'dataset' | 'job'): Promise<string> {
  const paths = readNodeId(id).flatMap((node) =>
    node.kind === kind
      ? [`/api/v2/${kind}s/${encodeURIComponent(node.namespace)}/${encodeURIComponent(node.name)}`]
      : [],
  )
  const [first, other] = paths
  if (first === undefined) {
    throw new OptionError(
      `${JSON.stringify(id.slice(0, listedMax))} is no ${kind}: write ${kind}:<namespace>:<name>.`,
    )
  }
  if (other === undefined) return first
  for (const path of paths) if (await isThere(path, door)) return path
  return first
}

async function isThere(path: string, door: Asking['door']): Promise<boolean> {
  try {
    await door.ask('GET', path)
    return true
  } catch (error) {
    if (error instanceof CollectorRefused && error.status === 404) return false
    throw error
  }
}
