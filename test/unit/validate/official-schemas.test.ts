import { existsSync, readdirSync } from 'node:fs'
import type { JsonObject, JsonValue } from '../../../src/openlineage/events.ts'
import { type StandardFacet, standardFacets } from '../../../src/openlineage/facets.ts'
import { isJsonObject } from '../../../src/openlineage/json-object.ts'
import { dropStructuralNulls } from '../../../src/openlineage/structural-nulls.ts'
import { createEventValidator } from '../../../src/validate/validate-event.ts'
import { aDatasetEvent, aJobEvent, anEventWithFacet, aRunEvent, facetBase } from './event-samples.ts'
import { facetInstances } from './facet-instances.ts'
import { mutantsOf } from './mutants.ts'
import { type OfficialSpec, propertyNamesIn, readObject, readOfficialSpec } from './official-spec.ts'

const specFolder = new URL('../../../../shared/reference/openlineage-spec/', import.meta.url)
const schemasFolder = new URL('../../../schemas/', import.meta.url)
const validate = createEventValidator({ strict: false })

describe('our schemas, held to the official ones,', () => {
  if (existsSync(specFolder)) {
    const official = readOfficialSpec(specFolder)
    describeFacets(official)
    describeExamples(official)
    describeEvents(official)
    describeExceptions(official)
  } else {
    const reason = 'the official schemas are not at ../shared/reference/openlineage-spec'
    console.warn(`Our schemas were NOT held to the official ones: ${reason}.`)
    // oxlint-disable-next-line jest/no-disabled-tests -- there is nothing to compare with
    it.skip(`are NOT compared: ${reason}`, () => {
      expect(existsSync(specFolder)).toBe(true)
    })
  }
})

function describeFacets(official: OfficialSpec): void {
  it('stand for the same facets at the same places', () => {
    expect(toPlaces(standardFacets)).toEqual(toPlaces(official.facets))
    expect(new Set(official.facets.map(({ file }) => file)).size).toBe(44)
    expect(new Set(standardFacets.map(({ key }) => key)).size).toBe(39)
  })

  it('name the same properties', () => {
    const base = ['_producer', '_schemaURL', '_deleted']
    const coreParts = new Set(
      ['run', 'job', 'dataset', 'input-dataset', 'output-dataset'].map((part) => `parts/${part}.json`),
    )
    const paths = readdirSync(schemasFolder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?:facets|parts)\/.*\.json$/.test(path))
      .filter((path) => !coreParts.has(path))
    const ours = new Set(paths.flatMap((path) => propertyNamesIn(readObject(new URL(path, schemasFolder)))))

    expect([...ours].toSorted()).toEqual([...official.propertyNames, ...base].toSorted())
  })

  it('are compared on instances that have every property', () => {
    const names = new Set([...facetInstances.values()].flatMap(namesIn))

    expect([...official.propertyNames].filter((name) => !names.has(name))).toEqual([])
  })

  it.each(standardFacets)('tell good from bad alike: the $where facet $key', ({ where, key }) => {
    const isOfficial = official.facets.find((facet) => facet.where === where && facet.key === key)?.isValid
    const instance = instanceOf({ where, key })
    // A facet that is null is dropped before anyone looks at it: see the exceptions.
    const mutants = [...mutantsOf(instance)].filter(({ value }) => value !== null)
    const verdicts = mutants.map(({ change, value }) => ({
      change,
      official: isOfficial?.(value),
      ours: isValidFacet({ where, key }, value),
    }))

    expect({ official: isOfficial?.(instance), ours: isValidFacet({ where, key }, instance) }).toEqual({
      official: true,
      ours: true,
    })
    expect(verdicts.filter((verdict) => verdict.official !== verdict.ours)).toEqual([])
    expect(new Set(verdicts.map((verdict) => verdict.ours))).toEqual(new Set([true, false]))
  })
}

function describeExamples(official: OfficialSpec): void {
  const facetExamples = official.examples.filter(({ facetFile }) => facetFile !== '')

  it('know all official examples', () => {
    expect(official.examples).toHaveLength(47)
    expect(facetExamples).toHaveLength(46)
  })

  it.each(facetExamples)('judge an official example alike: $name', ({ facetFile, value }) => {
    const places = official.facets.filter(({ file }) => file === facetFile)
    const verdicts = places.map(({ where, key, isValid: isOfficial }) => {
      const facet = isJsonObject(value) ? value[key] : undefined
      return { where, official: isOfficial(facet), ours: isValidFacet({ where, key }, facet) }
    })

    expect(verdicts.filter((verdict) => verdict.official !== verdict.ours)).toEqual([])
    expect(verdicts.some((verdict) => verdict.ours)).toBe(true)
  })

  it('take the official whole event, with a dataset beside its run', () => {
    const whole = official.examples.find(({ facetFile }) => facetFile === '')?.value

    expect(isJsonObject(whole) && 'dataset' in whole).toBe(true)
    expect({ official: official.isValidEvent(whole), ours: isValid(whole) }).toEqual({
      official: true,
      ours: true,
    })
  })
}

function describeEvents(official: OfficialSpec): void {
  const custom = { custom_facet: { ...facetBase, anything: [null] } }
  const deletable = { custom_facet: { ...facetBase, _deleted: false } }
  const job = { namespace: 'airflow', name: 'dag.task', facets: deletable }
  const dataset = { namespace: 'file', name: '/data', facets: deletable }
  const inputs = [{ ...dataset, inputFacets: custom }, dataset]
  const outputs = [{ ...dataset, outputFacets: custom }, dataset]
  const events: { kind: string; event: JsonObject }[] = [
    { kind: 'RunEvent', event: aRunEvent({ run: { runId: 'run-1', facets: custom }, job, inputs, outputs }) },
    { kind: 'JobEvent', event: aJobEvent({ job, inputs, outputs }) },
    { kind: 'DatasetEvent', event: aDatasetEvent({ dataset }) },
  ]

  it.each(events)('tell good from bad alike: a $kind', ({ event }) => {
    const mutants = [...mutantsOf(event)].filter(({ value }) => dropStructuralNulls(value) === value)
    const verdicts = mutants.map(({ change, value }) => ({
      change,
      official: official.isValidEvent(value),
      ours: isValid(value),
    }))

    expect({ official: official.isValidEvent(event), ours: isValid(event) }).toEqual({
      official: true,
      ours: true,
    })
    expect(verdicts.filter((verdict) => verdict.official !== verdict.ours)).toEqual([])
    expect(new Set(verdicts.map((verdict) => verdict.ours))).toEqual(new Set([true, false]))
  })

  const entities = {
    run: { runId: 'run-1' },
    job: { namespace: 'n', name: 'j' },
    dataset: { namespace: 'n', name: 'd' },
  }
  const { run, job: entityJob, dataset: entityDataset } = entities
  const { run: _run, job: _job, ...nothing } = aRunEvent()

  it.each<{ what: string; added: JsonObject }>([
    { what: 'nothing', added: {} },
    { what: 'a run', added: { run } },
    { what: 'a job', added: { job: entityJob } },
    { what: 'a dataset', added: { dataset: entityDataset } },
    { what: 'a run and a job', added: { run, job: entityJob } },
    { what: 'a job and a dataset', added: { job: entityJob, dataset: entityDataset } },
    { what: 'all three', added: entities },
  ])('judge an event with $what alike', ({ added }) => {
    const event = { ...nothing, ...added }

    expect(isValid(event)).toBe(official.isValidEvent(event))
  })
}

/** Where we mean to differ. The official verdict stands first. */
function describeExceptions(official: OfficialSpec): void {
  const dataset = { namespace: 'file', name: '/data' }
  const { job: _, ...withoutJob } = aRunEvent({ dataset })
  const tombstone = { documentation: { _deleted: true } }

  it.each<{ what: string; event: JsonObject; isOfficial: boolean }>([
    { what: 'a dataset beside a run without a job', event: withoutJob, isOfficial: true },
    { what: 'an empty runId', event: aRunEvent({ run: { runId: '' } }), isOfficial: true },
    { what: 'a long runId', event: aRunEvent({ run: { runId: 'r'.repeat(257) } }), isOfficial: true },
    { what: 'an empty namespace', event: aJobEvent({ job: { namespace: '', name: 'j' } }), isOfficial: true },
    { what: 'an empty name', event: aRunEvent({ inputs: [{ namespace: 'n', name: '' }] }), isOfficial: true },
    {
      what: 'a long name',
      event: aJobEvent({ job: { namespace: 'n', name: 'j'.repeat(4096) } }),
      isOfficial: true,
    },
    { what: 'structural nulls', event: aRunEvent({ eventType: null, inputs: [null] }), isOfficial: false },
    {
      what: 'a facet that is null',
      event: aRunEvent({ run: { runId: 'r', facets: { tags: null } } }),
      isOfficial: false,
    },
    {
      what: 'a bare tombstone',
      event: aDatasetEvent({ dataset: { ...dataset, facets: tombstone } }),
      isOfficial: false,
    },
  ])('differ by intention on $what', ({ event, isOfficial }) => {
    expect({ official: official.isValidEvent(event), ours: isValid(event) }).toEqual({
      official: isOfficial,
      ours: !isOfficial,
    })
  })

  it('differ by intention on a tombstone that lacks what its facet requires', () => {
    const facet = { ...facetBase, _deleted: true }
    const isOfficial = official.facets.find(({ where, key }) => where === 'job' && key === 'sql')?.isValid

    expect(isOfficial?.(facet)).toBe(false)
    expect(isValidFacet({ where: 'job', key: 'sql' }, facet)).toBe(true)
  })
}

/** Our verdict in the words of the official schemas, which reject an event for a facet. */
function isValid(event: unknown): boolean {
  const verdict = validate(event)
  return verdict.ok && verdict.brokenFacets.length === 0
}

/** Asked through the public door: in an event that is fine apart from the facet. */
function isValidFacet({ where, key }: StandardFacet, facet: unknown): boolean {
  const verdict = validate(anEventWithFacet(where, key, facet))
  if (!verdict.ok) throw new Error(`a facet rejected its event: ${JSON.stringify(verdict.problems)}`)
  return verdict.brokenFacets.length === 0
}

function instanceOf({ where, key }: StandardFacet): JsonValue {
  const instance = facetInstances.get(`${where}/${key}`)
  if (instance === undefined) throw new Error(`facet-instances.ts has no ${where}/${key}`)
  const isDeletable = where === 'job' || where === 'dataset'
  return { ...facetBase, ...(isDeletable ? { _deleted: false } : {}), ...instance }
}

function namesIn(value: JsonValue): string[] {
  if (typeof value !== 'object' || value === null) return []
  const names = Array.isArray(value) ? [] : Object.keys(value)
  return names.concat(Object.values(value).flatMap(namesIn))
}

function toPlaces(facets: readonly StandardFacet[]): string[] {
  return facets.map(({ where, key }) => `${where}/${key}`).toSorted()
}
