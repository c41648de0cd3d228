import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Graph } from '../../src/graph/connection.ts'
import { seesAll, type Reader } from '../../src/http/access.ts'
import { answerSchemas } from '../../src/read/answer-schemas.ts'
import { findImpact } from '../../src/read/lineage/find-impact.ts'
import { findLineage, type LineageAnswer } from '../../src/read/lineage/find-lineage.ts'
import { findPaths } from '../../src/read/lineage/find-paths.ts'
import type { LineageQuestion } from '../../src/read/lineage/question.ts'

const anyQuestion: Omit<LineageQuestion, 'of'> = {
  reader: seesAll,
  direction: 'both',
  depth: 20,
  granularity: undefined,
  span: undefined,
  namespaces: [],
  jobTypes: [],
  tags: [],
  derivations: [],
  isFolded: false,
  isControl: false,
  nodesMax: 2000,
}

type Asked = Partial<LineageQuestion> & { of: readonly string[] }

/** What the API answers; held to its schema. */
export async function askLineage(graph: Graph, asked: Asked): Promise<LineageAnswer> {
  const answer = await graph.inRead((tx) => findLineage(tx, { ...anyQuestion, ...asked }))
  expectShape('Lineage', answer)
  return answer
}

export async function askImpact(graph: Graph, asked: Asked) {
  return await graph.inRead((tx) => findImpact(tx, { ...anyQuestion, ...asked }))
}

export async function askPaths(
  graph: Graph,
  { to, max = 1, ...asked }: Asked & { to: string; max?: number },
) {
  const question = { ...anyQuestion, direction: 'downstream' as const, ...asked, to, pathsMax: max }
  const answer = await graph.inRead((tx) => findPaths(tx, question))
  expectShape('Paths', answer)
  return answer
}

/** Who sees only these namespaces. */
export function seesOnly(...namespaces: string[]): Reader {
  return { namespaces, sees: (namespace) => namespaces.includes(namespace) }
}

/** Each node's id with its distance of one name. */
export function distancesOf(
  answer: LineageAnswer,
  name: 'upstreamDistance' | 'downstreamDistance' | 'distance',
): Record<string, unknown> {
  const found = answer.nodes.filter((node) => node[name] !== undefined)
  return Object.fromEntries(found.map((node) => [String(node['id']), node[name]]))
}

const ajv = new Ajv2020({ strict: false, validateFormats: false })

/** Holds an answer, as it goes over HTTP, to the schema that the API's description shows of it. */
export function expectShape(name: string, answer: unknown): void {
  const validate = ajv.compile(answerSchemas[name] ?? false)
  validate(JSON.parse(JSON.stringify(answer)))
  expect(validate.errors ?? []).toEqual([])
}
