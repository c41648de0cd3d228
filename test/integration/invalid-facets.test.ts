import type { Graph } from '../../src/graph/connection.ts'
import { cypher } from '../../src/graph/cypher.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { JsonObject, JsonValue, LineageEvent } from '../../src/openlineage/events.ts'
import { facetProperty, standardFacets, type FacetLocation } from '../../src/openlineage/facets.ts'
import { createEventValidator } from '../../src/validate/validate-event.ts'
import { aFacet, received } from '../support/events.ts'
import { eventsWithFacet } from '../support/facet-events.ts'
import { findEffects, readShape, type GraphShape } from '../support/graph-effects.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { facetInstances } from '../unit/validate/facet-instances.ts'

const validate = createEventValidator({ strict: false })

let graph: Graph

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
})

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

/** Merges events as the receiver would hand them over, with what it notes of their facets. */
async function merge(events: readonly LineageEvent[]): Promise<GraphShape> {
  await wipeGraph(graph)
  const accepted = events.map((event, index) => {
    const verdict = validate(event)
    if (!verdict.ok) throw new Error(`refused: ${JSON.stringify(verdict.problems)}`)
    return received(event, { id: String(index).repeat(64), brokenFacets: verdict.brokenFacets })
  })
  await mergeInBatches(graph, accepted, accepted.length)
  return await readShape(graph)
}

/** A valid instance with one thing wrong: its first property is of another type. All the rest could be interpreted. */
function toInvalid(where: FacetLocation, key: string): JsonObject {
  const instance = facetInstances.get(`${where}/${key}`) ?? {}
  const [name = '', value] = Object.entries(instance)[0] ?? []
  const wrong: JsonValue = typeof value === 'string' ? 5 : 'text'
  return aFacet({ ...instance, [name]: wrong })
}

const findKept = cypher`
  CALL () {
    MATCH (n) WHERE n[$property] IS NOT NULL RETURN n[$property] AS kept
    UNION ALL
    MATCH ()-[r]->() WHERE r[$property] IS NOT NULL RETURN r[$property] AS kept
  }
  RETURN DISTINCT kept
`

describe('an invalid instance', () => {
  it.each(standardFacets)(
    'of $key of $where is kept, warned about and not interpreted',
    async ({ where, key }) => {
      const invalid = toInvalid(where, key)
      const events = eventsWithFacet(where, key, invalid)
      const property = facetProperty(key)

      const verdicts = events.map(validate)
      const without = await merge(eventsWithFacet(where, key))
      const given = await merge(events)
      const kept = await graph.inRead((tx) => tx.run(findKept, { property }))

      for (const verdict of verdicts) {
        const [pointer] = (verdict.ok && verdict.brokenFacets) || []
        expect(pointer).toMatch(new RegExp(`/${key}$`))
        expect(
          verdict.ok && verdict.warnings.some((warning) => warning.pointer.startsWith(String(pointer))),
        ).toBe(true)
      }
      expect(kept).toEqual([{ kept: JSON.stringify(invalid) }])
      expect(findEffects(without, given)).toEqual([])
    },
  )

  it('takes the place of a valid one, and all that came of it away', async () => {
    const [start, complete] = eventsWithFacet('run', 'tags', aFacet(facetInstances.get('run/tags') ?? {}))
    const [, broken] = eventsWithFacet('run', 'tags', toInvalid('run', 'tags'))
    if (start === undefined || complete === undefined || broken === undefined) throw new Error('no events')

    const tagged = await merge([start, complete])
    const untagged = await merge([start, { ...broken, eventTime: '2026-11-22T11:00:00Z' }])

    expect(tagged.has(':TAGGED')).toBe(true)
    expect(untagged.has(':TAGGED')).toBe(false)
  })
})
