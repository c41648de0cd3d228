import { readFileSync } from 'node:fs'
import type { Graph } from '../../src/graph/connection.ts'
import { prepareGraph } from '../../src/graph/prepare-graph.ts'
import type { JsonObject, JsonValue } from '../../src/openlineage/events.ts'
import { standardFacets, wellKnownFacets, type FacetLocation } from '../../src/openlineage/facets.ts'
import { customFacetInstances } from '../support/custom-facets.ts'
import { aFacet, received } from '../support/events.ts'
import { eventsWithFacet } from '../support/facet-events.ts'
import { findEffects, readShape, type GraphShape } from '../support/graph-effects.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import { connectTestGraph, mergeInBatches, silent } from '../support/graph.ts'
import { facetInstances } from '../unit/validate/facet-instances.ts'

const page = readFileSync(new URL('../../docs/facets.md', import.meta.url), 'utf8')
const model = readFileSync(new URL('../../docs/graph-model.md', import.meta.url), 'utf8')

interface Row {
  where: FacetLocation
  key: string
  /** Its column "in the graph". */
  effect: string
}

const places: Record<string, FacetLocation> = {
  'run.facets': 'run',
  'job.facets': 'job',
  'facets of a dataset': 'dataset',
  inputFacets: 'input',
  outputFacets: 'output',
}

const rows = readRows()
const standardRows = rows.filter(({ where, key }) =>
  standardFacets.some((facet) => facet.where === where && facet.key === key),
)
const customRows = rows.filter((row) => !standardRows.includes(row))

let graph: Graph
const bases = new Map<FacetLocation, GraphShape>()

beforeAll(async () => {
  graph = connectTestGraph()
  await prepareGraph(graph, silent)
  for (const where of Object.values(places)) bases.set(where, await shapeOf(where, 'none'))
}, 120_000)

afterAll(async () => {
  await wipeGraph(graph)
  await graph.close()
})

/** Each line of the page's tables: the key, the place, what it does in the graph, in words. */
function readRows(): Row[] {
  return [...page.matchAll(/^\| `([^`]+)` +\| ([\w. ]+?) +\| (.*?) \| .*\|$/gm)].flatMap(
    ([, key = '', place = '', effect = '']) => {
      const where = places[place]
      return where === undefined ? [] : [{ key, where, effect }]
    },
  )
}

async function shapeOf(where: FacetLocation, key: string, facet?: JsonValue): Promise<GraphShape> {
  await wipeGraph(graph)
  const events = eventsWithFacet(where, key, facet).map((event, index) =>
    // The same ids with and without the facet, so that they do not show as a difference.
    received(event, { id: String(index).repeat(64) }),
  )
  await mergeInBatches(graph, events, events.length)
  return await readShape(graph)
}

async function effectsOf(where: FacetLocation, key: string, instance: JsonObject): Promise<string[]> {
  return findEffects(bases.get(where) ?? new Map(), await shapeOf(where, key, aFacet(instance)))
}

/** The properties (`Run.engine`) and relationship types (`:OWNS`) that a row names. */
function toNames(effect: string): string[] {
  const properties = [...effect.matchAll(/\b[A-Za-z_]+\.\w+/g)].map(([name]) => name)
  const relationships = [...effect.matchAll(/\[(:\w+)\]/g)].map(([, name = '']) => name)
  return [...new Set([...properties, ...relationships])].toSorted()
}

/** Nodes that come with a relationship need no words of their own. */
function withoutLabels(effects: string[]): string[] {
  return effects.filter((name) => !name.startsWith(':') || /^:[A-Z_]+$/.test(name))
}

describe('the page about the graph', () => {
  it('names every property and relationship that a facet makes', () => {
    const lines = model.split('\n').map((line) => new Set(line.split(/\W+/)))
    const made = [...new Set(rows.flatMap(({ effect }) => toNames(effect)))]
    const unnamed = made.filter((name) => {
      const words = name.split(/[:.]/).filter((word) => word !== '')
      return !lines.some((line) => words.every((word) => line.has(word)))
    })

    expect(made.length).toBeGreaterThan(100)
    expect(unnamed).toEqual([])
  })
})

describe('the page about facets', () => {
  it('has a row for every facet of the standard at every place, once', () => {
    const named = standardRows.map(({ where, key }) => `${where} ${key}`)

    expect(named.toSorted()).toEqual(standardFacets.map(({ where, key }) => `${where} ${key}`).toSorted())
  })

  it('has a row for every well-known custom facet, and for no other', () => {
    const named = new Set(customRows.map(({ key }) => key))

    expect([...named].toSorted()).toEqual(wellKnownFacets.toSorted())
  })

  it.each(standardRows)('says what $key of $where does in the graph', async ({ where, key, effect }) => {
    const instance = facetInstances.get(`${where}/${key}`) ?? {}

    expect({ key, effects: toNames(effect) }).toEqual({
      key,
      effects: withoutLabels(await effectsOf(where, key, instance)),
    })
  })

  it.each(customRows)('says what $key of $where does in the graph', async ({ where, key, effect }) => {
    const instance = customFacetInstances.get(`${where}/${key}`) ?? { any: 'thing' }

    expect({ key, effects: toNames(effect) }).toEqual({
      key,
      effects: withoutLabels(await effectsOf(where, key, instance)),
    })
  })
})
