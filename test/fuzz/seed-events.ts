import { standardFacets } from '../../src/openlineage/facets.ts'
import { eventsWithFacet } from '../support/facet-events.ts'
import { aDatasetEvent, aFacet, aJobEvent, aRunEvent, fixtureTexts } from '../support/events.ts'
import { facetInstances } from '../unit/validate/facet-instances.ts'

/** Texts of events to begin with: of real producers, and one for each place of each facet of the standard. */
export function readSeedTexts(): string[] {
  const made = [aRunEvent(), aJobEvent(), aDatasetEvent()]
  const withFacets = standardFacets.flatMap(({ where, key }) =>
    eventsWithFacet(where, key, aFacet(facetInstances.get(`${where}/${key}`) ?? {})),
  )
  // Thrice, as there are fewer of them and they have more to break.
  const ours = [...made, ...withFacets, ...withFacets, ...withFacets].map((event) => JSON.stringify(event))
  return [...fixtureTexts().filter((text) => text.length < seedCharsMax), ...ours]
}

/** Small ones, so that a mutation most likely hits something. */
const seedCharsMax = 20_000
