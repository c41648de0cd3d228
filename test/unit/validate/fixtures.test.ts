import { readdirSync, readFileSync } from 'node:fs'
import { createEventValidator } from '../../../src/validate/validate-event.ts'

const fixturesFolder = new URL('../../fixtures/events/', import.meta.url)
const paths = readdirSync(fixturesFolder, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.json'),
)

/** dbt states its tests twice: where the standard has them, and among the dataset's facets, where they do not belong. */
const isKnown = ({ pointer, detail }: { pointer: string; detail: string }) =>
  pointer.endsWith('/facets/dataQualityAssertions') &&
  detail === 'belongs to inputFacets; kept as a custom facet'

describe('the validator', () => {
  it('takes every event that real producers sent, without a warning', () => {
    const validate = createEventValidator({ strict: false })
    const odd = paths
      .map((path) => {
        const event: unknown = JSON.parse(readFileSync(new URL(path, fixturesFolder), 'utf8'))
        return { path, event, verdict: validate(event) }
      })
      .filter(
        ({ path, verdict }) =>
          !verdict.ok ||
          verdict.brokenFacets.length > 0 ||
          verdict.warnings.some((warning) => !(path.startsWith('dbt/test/') && isKnown(warning))),
      )

    expect(paths.length).toBeGreaterThan(200)
    expect(odd).toEqual([])
  })
})
