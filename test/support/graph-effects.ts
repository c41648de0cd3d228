import { readFileSync } from 'node:fs'
import neo4j from 'neo4j-driver'
import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { fromDateTime } from '../../src/graph/values.ts'

const model = readFileSync(new URL('../../docs/graph-model.md', import.meta.url), 'utf8')

/**
 * What the graph holds, without saying where: the values of each property by `Label.property`, and how many nodes or relationships
 * there are by `:Label`.
 */
export type GraphShape = ReadonlyMap<string, string>

/**
 * What follows from there being a node or relationship at all: its keys, its place, the times at which it was seen. All facets are
 * kept by one rule.
 */
const untold =
  /^:IN$|\.(?:facet_.*|facets_other|facetClocks|lock|key|firstSeenAt|lastSeenAt|namespace|dataset)$|^Run\.runId$|^(?:Namespace|Job|Dataset|Field|Owner)\.name$|^Tag\.value$/

export async function readShape(graph: Graph): Promise<GraphShape> {
  const rows = await graph.inRead((tx) =>
    tx.run(cypher`
      CALL () {
        MATCH (n) WHERE NOT n:Migration AND NOT n:Queue AND NOT n:Event UNWIND labels(n) AS owner RETURN owner, properties(n) AS properties
        UNION ALL
        MATCH ()-[r]->() WHERE type(r) <> 'ABOUT' RETURN type(r) AS owner, properties(r) AS properties
      }
      RETURN owner, properties
    `),
  )
  const values = new Map<string, string[]>()
  const add = (name: string, value: string) => values.set(name, [...(values.get(name) ?? []), value])
  for (const { owner, properties } of rows) {
    add(`:${String(owner)}`, '')
    for (const [key, value] of Object.entries(properties ?? {})) add(`${String(owner)}.${key}`, toText(value))
  }
  return new Map([...values].map(([name, all]) => [name, all.toSorted().join('\n')]))
}

/** The properties, labels and relationship types that differ between two graphs, the collector's own notes left out. */
export function findEffects(before: GraphShape, after: GraphShape): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter(
      (name) => !untold.test(name) && !internal.has(name) && !internal.has(name.replace(/^:|\..*$/g, '')),
    )
    .filter((name) => before.get(name) !== after.get(name))
    .toSorted()
}

/** What the page about the graph lists as internal: labels, and properties by `Label.property`. */
const internal = readInternal()

function readInternal(): Set<string> {
  const section = model.slice(model.indexOf('\n## Internal'))
  const labels = /^- Labels: (.*)$/m.exec(section)?.[1] ?? ''
  const names = [...labels.matchAll(/`(\w+)` \(with/g)].map(([, label = '']) => label)
  for (const [, list = '', owner = ''] of section.matchAll(/((?:`[\w…]+`[^;:`]*?)+) on `(\w+)`/g)) {
    for (const [, property = ''] of list.matchAll(/`(\w+)`/g)) names.push(`${owner}.${property}`)
  }
  return new Set(names)
}

function toText(value: unknown): string {
  if (neo4j.isDateTime(value)) return fromDateTime(value) ?? ''
  return JSON.stringify(value) ?? ''
}
