import type { JsonValue } from '../../../src/openlineage/events.ts'
import { toFieldMeasures } from '../../../src/merge/interpret-dataset.ts'
import { datasetInterpretations } from '../../../src/merge/interpret-dataset.ts'
import type { Interpretations } from '../../../src/merge/interpret-facet.ts'
import { jobInterpretations } from '../../../src/merge/interpret-job.ts'
import { runInterpretations } from '../../../src/merge/interpret-run.ts'
import { readInterpretations, writeInterpretations } from '../../../src/merge/interpret-sides.ts'
import { toInterpretedProperties } from '../../../src/merge/interpreted-properties.ts'
import type { FacetRegister } from '../../../src/project/facet-registers.ts'

function interpret(kind: 'run' | 'job' | 'dataset' | 'read', key: string, value?: JsonValue) {
  const register: FacetRegister = {
    time: '',
    rank: 0,
    producer: 'p',
    event: 'e',
    ...(value === undefined ? {} : { text: JSON.stringify(value), mayInterpret: true }),
  }
  return toInterpretedProperties(kind, new Map([[key, register]]))
}

describe('the properties of one thing', () => {
  it.each<[string, Interpretations]>([
    ['job', jobInterpretations],
    ['run', runInterpretations],
    ['dataset', datasetInterpretations],
    ['read', readInterpretations],
    ['write', writeInterpretations],
  ])('follow from one facet each, so that the order of facets does not matter: %s', (_, interpretations) => {
    const properties = Object.values(interpretations).flatMap((read) => Object.keys(read(undefined)))

    expect(properties.length).toBeGreaterThan(5)
    expect(properties.toSorted()).toEqual([...new Set(properties)].toSorted())
  })

  it('are null once the facet says nothing', () => {
    expect(interpret('dataset', 'storage')).toEqual({ storage: null, format: null })
    expect(interpret('run', 'extractionError')).toEqual({
      lineageIncomplete: null,
      totalTasks: null,
      failedTasks: null,
      extractionErrors: null,
    })
  })

  it('are none for a facet that is not interpreted there, whatever its key', () => {
    expect(interpret('job', 'storage', { storageLayer: 'x' })).toEqual({})
    expect(interpret('job', 'constructor', { a: 1 })).toEqual({})
  })
})

describe('what a run could not extract', () => {
  it('makes its lineage incomplete', () => {
    expect(
      interpret('run', 'extractionError', {
        totalTasks: 3,
        failedTasks: 2,
        errors: [{ errorMessage: 'a' }, { errorMessage: 'b' }, { errorMessage: 'a' }],
      }),
    ).toMatchObject({ lineageIncomplete: true, extractionErrors: ['a', 'b'] })
  })

  it('says nothing where nothing failed', () => {
    expect(interpret('run', 'extractionError', { totalTasks: 3, failedTasks: 0, errors: [] })).toMatchObject({
      lineageIncomplete: null,
      extractionErrors: null,
    })
  })
})

describe('the parameters of a run', () => {
  it('are sorted, so that two runs compare', () => {
    const parameters = [{ key: 'rate', value: '0.1' }, { key: 'debug' }, { key: 'epochs', value: '' }]

    expect(interpret('run', 'executionParameters', { parameters })).toEqual({
      parameters: ['debug', 'epochs=', 'rate=0.1'],
    })
  })
})

describe('the runs that a run depends on', () => {
  it('are each named once, in one spelling', () => {
    const run = { runId: 'URN:UUID:0198C0DE-0000-7000-8000-000000000001' }
    const job = { namespace: 'n', name: 'a' }

    expect(
      interpret('run', 'jobDependencies', {
        upstream: [{ job, run }, { job, run: { runId: run.runId.slice(9) } }, { job }],
      }),
    ).toEqual({
      upstreamRunIds: ['0198c0de-0000-7000-8000-000000000001'],
      downstreamRunIds: null,
      triggerRule: null,
    })
  })
})

describe('the id of an external query', () => {
  it('is not shown where it is longer than an index takes', () => {
    expect(interpret('run', 'externalQuery', { externalQueryId: 'x'.repeat(5000), source: 's' })).toEqual({
      externalQueryId: null,
      externalQuerySource: 's',
    })
  })
})

describe('toFieldMeasures', () => {
  it('tells each field its own, and the others that they have none', () => {
    const { byField, ofOthers } = toFieldMeasures({
      columnMetrics: { id: { nullCount: 1, sum: 2.5, quantiles: { '0.5': 3 } }, ['x'.repeat(9000)]: {} },
    })

    expect(Object.keys(byField)).toEqual(['id'])
    expect(byField['id']).toMatchObject({ sum: 2.5, min: null, quantiles: '{"0.5":3}' })
    expect(Object.values(ofOthers)).toEqual(Object.keys(ofOthers).map(() => null))
  })
})
