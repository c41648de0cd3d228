import { readdirSync, readFileSync } from 'node:fs'
import { createEventValidator } from '../../../src/validate/validate-event.ts'

const fixturesFolder = new URL('../../fixtures/events/', import.meta.url)
const paths = readdirSync(fixturesFolder, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.json'),
)

describe('the validator', () => {
  it('takes every event that real producers sent, without a warning', () => {
    const validate = createEventValidator({ strict: false })
    const odd = paths
      .map((path) => {
        const event: unknown = JSON.parse(readFileSync(new URL(path, fixturesFolder), 'utf8'))
        return { path, event, verdict: validate(event) }
      })
      .filter(({ verdict }) => !verdict.ok || verdict.warnings.length > 0 || verdict.brokenFacets.length > 0)

    expect(paths.length).toBeGreaterThan(200)
    expect(odd).toEqual([])
  })
})
