import { createEventValidator, type Verdict } from '../../../src/validate/validate-event.ts'
import { NAME_BYTES_MAX } from '../../../src/openlineage/keys.ts'
import { nestingLevelsMax } from '../../../src/validate/structure.ts'
import { findingsMax, pointerCharactersMax } from '../../../src/validate/finding.ts'
import { standardFacets } from '../../../src/openlineage/facets.ts'
import {
  aDatasetEvent,
  aJobEvent,
  anEventWithFacet,
  aRunEvent,
  facetBase,
  facetMapPointers,
} from './event-samples.ts'

const validate = createEventValidator({ strict: false })
const validateStrictly = createEventValidator({ strict: true })

const dataset = { namespace: 'file', name: '/data' }
const job = { namespace: 'airflow', name: 'dag.task' }
const aRunId = '0198c0de-0000-7000-8000-000000000001'

function problemsOf(verdict: Verdict): string[] {
  return verdict.ok ? [] : verdict.problems.map(({ pointer, detail }) => `${pointer} ${detail}`)
}

function warningsOf(verdict: Verdict): string[] {
  return verdict.ok ? verdict.warnings.map(({ pointer, detail }) => `${pointer} ${detail}`) : ['rejected']
}

function nest(levels: number): unknown {
  return JSON.parse('{"fields":'.repeat(levels) + '0' + '}'.repeat(levels))
}

describe('the kind of an event', () => {
  it.each([
    { kind: 'RunEvent', event: aRunEvent() },
    { kind: 'JobEvent', event: aJobEvent() },
    { kind: 'DatasetEvent', event: aDatasetEvent() },
  ])('is told by its shape: $kind', ({ kind, event }) => {
    const { producer: _, ...broken } = event

    expect(validate(event)).toEqual({ ok: true, event, warnings: [], warningKinds: [], brokenFacets: [] })
    expect(validate(broken)).toEqual({
      ok: false,
      kind,
      problems: [{ pointer: '#/producer', detail: 'is required' }],
    })
  })

  it('is not told by its schemaURL', () => {
    const event = aJobEvent({
      schemaURL: 'https://openlineage.io/spec/1-0-5/OpenLineage.json#/$defs/RunEvent',
    })

    expect(validate(event).ok).toBe(true)
  })

  it.each([null, 'text', 42, [aRunEvent()], undefined])('is unknown when it is no object: %j', (value) => {
    expect(validate(value)).toEqual({
      ok: false,
      kind: 'unknown',
      problems: [{ pointer: '#', detail: 'must be an object' }],
    })
  })

  it('is unknown when there is neither run nor job nor dataset', () => {
    const { run: _run, job: _job, ...event } = aRunEvent()

    expect(validate(event)).toMatchObject({ ok: false, kind: 'unknown', problems: [{ pointer: '#/run' }] })
  })

  it('is one at a time: no dataset in a JobEvent', () => {
    expect(validate(aJobEvent({ dataset }))).toEqual({
      ok: false,
      kind: 'JobEvent',
      problems: [{ pointer: '#/dataset', detail: 'must not stand beside job' }],
    })
  })

  it('is a RunEvent with a dataset beside its run, which is not read', () => {
    const verdict = validate(aRunEvent({ dataset }))

    expect(verdict).toMatchObject({ ok: true, brokenFacets: [] })
    expect(warningsOf(verdict)).toEqual([
      '#/dataset is not read: a run names its datasets in inputs and outputs',
    ])
  })

  it('is told without properties that are null', () => {
    expect(validate(aRunEvent({ run: null, dataset: null })).ok).toBe(true)
    expect(problemsOf(validate(aRunEvent({ job: null })))).toEqual(['#/job is required'])
  })
})

describe('the structure of an event', () => {
  it('is told of as a whole, each value at its pointer', () => {
    const verdict = validate({
      eventType: 'FINISHED',
      eventTime: 5,
      schemaURL: 'https://example.org',
      run: {},
      job: { namespace: '', name: ['dag'], facets: [] },
      inputs: [dataset, { name: '' }, 'text'],
      outputs: {},
    })

    expect(problemsOf(verdict).toSorted()).toEqual(
      [
        '#/eventType must be one of START, RUNNING, COMPLETE, ABORT, FAIL, OTHER',
        '#/eventTime must be a string',
        '#/producer is required',
        '#/run/runId is required',
        '#/job/namespace must not be empty',
        '#/job/name must be a string',
        '#/job/facets must be an object',
        '#/inputs/1/namespace is required',
        '#/inputs/1/name must not be empty',
        '#/inputs/2 must be an object',
        '#/outputs must be an array',
      ].toSorted(),
    )
  })

  it.each(['2026-02-30T08:00:00Z', 'yesterday', '', '1769846400'])(
    'needs a time that is one, unlike "%s"',
    (eventTime) => {
      expect(problemsOf(validate(aRunEvent({ eventTime })))).toEqual([
        '#/eventTime must be a date and time, such as 2026-01-31T08:00:00Z',
      ])
    },
  )

  it.each([
    '2026-01-31T08:00:00.123456789Z',
    '2026-01-31 08:00:00+0100',
    '2026-01-31T08:00:00Z[Europe/London]',
  ])('takes a time as producers write it: %s', (eventTime) => {
    expect(validate(aRunEvent({ eventTime }))).toMatchObject({ ok: true, warnings: [] })
  })

  it('limits runIds', () => {
    expect(problemsOf(validate(aRunEvent({ run: { runId: '' } })))).toEqual(['#/run/runId must not be empty'])
    expect(validate(aRunEvent({ run: { runId: 'r'.repeat(256) } })).ok).toBe(true)
    expect(problemsOf(validate(aRunEvent({ run: { runId: 'r'.repeat(257) } })))).toEqual([
      '#/run/runId must not be longer than 256 characters',
    ])
  })

  it('limits the bytes of namespace and name together', () => {
    const longest = { namespace: 'n', name: `${'é'.repeat((NAME_BYTES_MAX - 2) / 2)}x` }
    const tooLong = { namespace: 'nn', name: longest.name }
    const detail = `must not be longer than ${NAME_BYTES_MAX} bytes, its namespace included`

    expect(validate(aRunEvent({ job: longest, inputs: [longest], outputs: [longest] })).ok).toBe(true)
    expect(validate(aDatasetEvent({ dataset: longest })).ok).toBe(true)
    expect(
      problemsOf(validate(aRunEvent({ job: tooLong, inputs: [tooLong], outputs: [dataset, tooLong] }))),
    ).toEqual([`#/job/name ${detail}`, `#/inputs/0/name ${detail}`, `#/outputs/1/name ${detail}`])
    expect(problemsOf(validate(aDatasetEvent({ dataset: tooLong })))).toEqual([`#/dataset/name ${detail}`])
  })

  it('limits nesting, before anything overflows', () => {
    // The event, its outputs, the dataset, its facets and the facet itself are five levels.
    const deepest = anEventWithFacet('dataset', 'custom', nest(nestingLevelsMax - 4))
    const tooDeep = anEventWithFacet('dataset', 'schema', nest(100_000))

    expect(validate(deepest).ok).toBe(true)
    expect(problemsOf(validate(anEventWithFacet('dataset', 'custom', nest(nestingLevelsMax - 3))))).toEqual([
      `#/outputs is nested deeper than ${nestingLevelsMax} levels`,
    ])
    expect(problemsOf(validate(tooDeep))).toEqual([
      `#/outputs is nested deeper than ${nestingLevelsMax} levels`,
    ])
  })

  it('is told of in few findings, however much is wrong', () => {
    const verdict = validate(aRunEvent({ inputs: Array.from({ length: 100_000 }, () => ({ name: 1 })) }))

    expect(problemsOf(verdict)).toHaveLength(findingsMax)
  })

  it('does not concern properties that the standard does not know', () => {
    expect(validate(aRunEvent({ extra: [1], job: { ...job, extra: null } })).ok).toBe(true)
    expect(validate(aDatasetEvent({ inputs: 'anything' })).ok).toBe(true)
  })
})

describe('an oddity of an event', () => {
  it.each([
    {
      event: aRunEvent({ eventTime: '2026-01-31T08:00:00' }),
      warning: '#/eventTime has no zone; taken as UTC',
    },
    { event: aRunEvent({ producer: 'producer' }), warning: '#/producer is not a URI' },
    { event: aRunEvent({ schemaURL: 'my schema' }), warning: '#/schemaURL is not a URI' },
    { event: aRunEvent({ run: { runId: 'run_id' } }), warning: '#/run/runId is not a UUID' },
  ])('only warns: $warning', ({ event, warning }) => {
    expect(validate(event)).toMatchObject({ ok: true, event, brokenFacets: [] })
    expect(warningsOf(validate(event))).toEqual([warning])
  })

  it('rejects where strictness is asked for', () => {
    const verdict = validateStrictly(aRunEvent({ producer: 'producer' }))

    expect(verdict).toEqual({
      ok: false,
      kind: 'RunEvent',
      problems: [{ pointer: '#/producer', detail: 'is not a URI' }],
    })
    expect(validateStrictly(aRunEvent())).toMatchObject({ ok: true, warnings: [] })
  })

  it('does not include the spelling of a UUID', () => {
    expect(
      warningsOf(validate(aRunEvent({ run: { runId: 'urn:uuid:0198C0DE-0000-7000-8000-000000000001' } }))),
    ).toEqual([])
  })
})

describe('the kinds of warnings', () => {
  it('are told each once, sorted, whatever their number', () => {
    const facets = {
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`broken_${index}`, 7])),
      schema: facetBase,
      nominalTime: { ...facetBase, nominalStartTime: 'at noon' },
    }
    const verdict = validate(
      aRunEvent({ eventTime: '2026-01-31T08:00:00', producer: 'me', run: { runId: 'run-1', facets } }),
    )

    expect(verdict).toMatchObject({
      ok: true,
      warningKinds: [
        'FACET_FORMAT',
        'FACET_INVALID',
        'FACET_MISPLACED',
        'PRODUCER_NO_URI',
        'RUN_ID_NO_UUID',
        'TIME_WITHOUT_ZONE',
      ],
    })
    expect(warningsOf(verdict)).toHaveLength(findingsMax)
    expect(validate(aRunEvent({ schemaURL: 'x' }))).toMatchObject({ warningKinds: ['SCHEMA_URL_NO_URI'] })
  })
})

describe('a facet', () => {
  it.each(standardFacets)('is found at its place: $where $key', ({ where, key }) => {
    const pointer = `${facetMapPointers[where]}/${key}`
    const verdict = validate(anEventWithFacet(where, key, 'text'))

    expect(verdict).toMatchObject({
      ok: true,
      warnings: [{ pointer, detail: 'must be an object' }],
      brokenFacets: [pointer],
    })
  })

  it('that states the lineage of a dataset within a run is told of', () => {
    const event = aRunEvent({ outputs: [{ ...dataset, facets: { lineage: { ...facetBase, inputs: [] } } }] })

    const verdict = validate(event)

    expect(verdict).toMatchObject({ ok: true, brokenFacets: [] })
    expect(warningsOf(verdict)).toEqual([
      expect.stringContaining('#/outputs/0/facets/lineage is the form of'),
    ])
  })

  it('that breaks its schema is kept, told of and marked', () => {
    const event = aRunEvent({
      inputs: [
        dataset,
        { ...dataset, facets: { schema: { ...facetBase, fields: [{ name: 'a' }, { type: 'int' }] } } },
      ],
    })

    expect(validate(event)).toEqual({
      ok: true,
      event,
      warnings: [{ pointer: '#/inputs/1/facets/schema/fields/1/name', detail: 'is required' }],
      warningKinds: ['FACET_INVALID'],
      brokenFacets: ['#/inputs/1/facets/schema'],
    })
  })

  it('of a dataset is found in every kind of event', () => {
    const broken = { ...dataset, facets: { schema: { ...facetBase, fields: {} } } }

    expect(validate(aDatasetEvent({ dataset: broken }))).toMatchObject({
      brokenFacets: ['#/dataset/facets/schema'],
    })
    expect(validate(aJobEvent({ inputs: [broken], outputs: [broken] }))).toMatchObject({
      brokenFacets: ['#/inputs/0/facets/schema', '#/outputs/0/facets/schema'],
    })
  })

  it('whose only fault is a format is still interpreted', () => {
    const facets = {
      dataSource: { ...facetBase, name: 'files', uri: 'file' },
      custom: { ...facetBase, _producer: 'me' },
      dataQualityMetrics: { ...facetBase, lastUpdated: '2026-01-31T08:00:00', columnMetrics: {} },
    }
    const nominalTime = { ...facetBase, nominalStartTime: 'at noon' }
    const parent = { ...facetBase, run: { runId: 'run-1' }, job }
    const verdict = validate(
      aRunEvent({
        run: { runId: aRunId, facets: { nominalTime, parent } },
        inputs: [{ ...dataset, facets }],
      }),
    )

    expect(verdict).toMatchObject({ ok: true, brokenFacets: [] })
    expect(warningsOf(verdict)).toEqual([
      '#/run/facets/nominalTime/nominalStartTime is not a date and time with a zone',
      '#/run/facets/parent/run/runId is not a UUID',
      '#/inputs/0/facets/dataSource/uri is not a URI',
      '#/inputs/0/facets/custom/_producer is not a URI',
      '#/inputs/0/facets/dataQualityMetrics/lastUpdated is not a date and time with a zone',
    ])
  })

  it('with a wrong format and a wrong structure is broken', () => {
    const verdict = validate(
      anEventWithFacet('dataset', 'dataSource', { ...facetBase, uri: 'file', name: 5 }),
    )

    expect(verdict).toMatchObject({ brokenFacets: ['#/outputs/0/facets/dataSource'] })
    expect(warningsOf(verdict)).toEqual(['#/outputs/0/facets/dataSource/name must be a string'])
  })

  it('that nobody knows needs only its base', () => {
    expect(validate(anEventWithFacet('run', 'my_facet', { ...facetBase, any: [null] }))).toMatchObject({
      warnings: [],
      brokenFacets: [],
    })
    expect(validate(anEventWithFacet('run', 'additionalProperties', {}))).toMatchObject({
      warnings: [{ pointer: '#/run/facets/additionalProperties/_producer', detail: 'is required' }],
      brokenFacets: ['#/run/facets/additionalProperties'],
    })
  })

  it.each(['constructor', '__proto__', 'toString', 'a/b~c'])('may have any key: %s', (key) => {
    const event: unknown = JSON.parse(
      JSON.stringify(aRunEvent({ run: { runId: aRunId, facets: { KEY: 1 } } })).replace('KEY', key),
    )
    const pointer = `#/run/facets/${key.replace('~', '~0').replace('/', '~1')}`

    expect(validate(event)).toMatchObject({ ok: true, event, brokenFacets: [pointer] })
  })

  it('of the standard at the wrong place is a custom one, and told of', () => {
    const verdict = validate(anEventWithFacet('run', 'schema', { ...facetBase, fields: 'not looked at' }))
    const misplaced = validate(anEventWithFacet('dataset', 'tags', { ...facetBase, tags: [] }))

    expect(verdict).toMatchObject({ ok: true, brokenFacets: [] })
    expect(warningsOf(verdict)).toEqual([
      '#/run/facets/schema belongs to facets of a dataset; kept as a custom facet',
    ])
    expect(warningsOf(misplaced)).toEqual([])
    expect(warningsOf(validate(anEventWithFacet('input', 'tags', {})))).toEqual([
      '#/inputs/0/inputFacets/tags belongs to run.facets or job.facets or facets of a dataset; kept as a custom facet',
      '#/inputs/0/inputFacets/tags/_producer is required',
    ])
  })

  it.each(['job', 'dataset'] as const)('of a %s may be deleted, with or without a base', (where) => {
    const tombstones = [{ _deleted: true }, { ...facetBase, _deleted: true }]

    for (const tombstone of tombstones) {
      expect(warningsOf(validate(anEventWithFacet(where, 'documentation', tombstone)))).toEqual([])
      expect(warningsOf(validate(anEventWithFacet(where, 'my_facet', tombstone)))).toEqual([])
    }
    expect(warningsOf(validate(anEventWithFacet(where, 'my_facet', { ...facetBase, _deleted: 1 })))).toEqual([
      `${facetMapPointers[where]}/my_facet/_deleted must be a boolean`,
    ])
  })

  it.each(['run', 'input', 'output'] as const)('of a %s cannot be deleted', (where) => {
    expect(validate(anEventWithFacet(where, 'my_facet', { _deleted: true }))).toMatchObject({
      brokenFacets: [`${facetMapPointers[where]}/my_facet`],
    })
  })

  it('that is null is not there; a null inside a facet is its own', () => {
    const event = aRunEvent({
      run: { runId: aRunId, facets: { tags: null, mine: { ...facetBase, a: null } } },
    })

    expect(validate(event)).toEqual({
      ok: true,
      event: aRunEvent({ run: { runId: aRunId, facets: { mine: { ...facetBase, a: null } } } }),
      warnings: [],
      warningKinds: [],
      brokenFacets: [],
    })
    expect(warningsOf(validate(anEventWithFacet('job', 'sql', { ...facetBase, query: null })))).toEqual([
      '#/job/facets/sql/query must be a string',
    ])
  })

  it('may forward facets inside parent', () => {
    const run = { runId: aRunId, facets: { nominal: { ...facetBase } } }

    expect(
      warningsOf(validate(anEventWithFacet('run', 'parent', { ...facetBase, run, job, root: { run, job } }))),
    ).toEqual([])
  })

  it('that is forwarded inside parent is checked as what it is', () => {
    const facets = {
      processing_engine: { ...facetBase, name: 'no version' },
      schema: { ...facetBase },
      mine: { ...facetBase },
    }
    const reference = { run: { runId: aRunId }, job: { ...job, facets: { sql: { ...facetBase, query: 5 } } } }
    const parent = { ...facetBase, run: { runId: aRunId, facets }, job, root: reference }
    const verdict = validate(anEventWithFacet('run', 'parent', parent))

    expect(warningsOf(verdict)).toEqual([
      '#/run/facets/parent/run/facets/processing_engine/version is required',
      '#/run/facets/parent/run/facets/schema belongs to facets of a dataset; kept as a custom facet',
      '#/run/facets/parent/root/job/facets/sql/query must be a string',
    ])
    expect(verdict).toMatchObject({
      brokenFacets: [
        '#/run/facets/parent/run/facets/processing_engine',
        '#/run/facets/parent/root/job/facets/sql',
      ],
    })
  })

  it('that is forwarded inside a broken parent is told of with it', () => {
    const run = { runId: aRunId, facets: { sql: 'text' } }
    const verdict = validate(anEventWithFacet('run', 'parent', { ...facetBase, run, job }))

    expect(verdict).toMatchObject({ brokenFacets: ['#/run/facets/parent'] })
    expect(warningsOf(verdict)).toEqual(['#/run/facets/parent/run/facets/sql must be an object'])
  })

  it.each([
    {
      where: 'job',
      key: 'lineage',
      facet: { entries: [{ type: 'JOB', namespace: 'file' }] },
      warning: 'entries/0/name is required beside namespace',
    },
    {
      where: 'job',
      key: 'lineage',
      facet: { inputs: [] },
      warning: 'entries is required',
    },
    {
      where: 'job',
      key: 'lineage',
      facet: { entries: [{ type: 'TABLE' }] },
      warning: 'entries/0/type must be one of DATASET, JOB',
    },
    {
      where: 'input',
      key: 'subset',
      facet: { outputCondition: { type: 'location', locations: [] } },
      warning: 'inputCondition is required',
    },
    {
      where: 'output',
      key: 'subset',
      facet: { outputCondition: { type: 'location', locations: [1] } },
      warning: 'outputCondition/locations/0 must be a string',
    },
    {
      where: 'run',
      key: 'executionParameters',
      facet: { parameters: [{ key: 'a', unit: 's' }] },
      warning: 'parameters/0/unit is not allowed here',
    },
    {
      where: 'job',
      key: 'jobType',
      facet: {
        processingType: 'STREAMING',
        integration: 'FLINK',
        emissionPattern: { eventTrigger: 'PERIODIC', eventContentMode: 'ACCUMULATIVE', windowDuration: 0 },
      },
      warning: 'emissionPattern/windowDuration must be at least 1',
    },
    {
      where: 'output',
      key: 'outputStatistics',
      facet: { rowCount: 1.5 },
      warning: 'rowCount must be an integer',
    },
  ] as const)('is told of readably: $key $warning', ({ where, key, facet, warning }) => {
    expect(warningsOf(validate(anEventWithFacet(where, key, { ...facetBase, ...facet })))).toEqual([
      `${facetMapPointers[where]}/${key}/${warning}`,
    ])
  })

  it('is marked also where there are too many to tell of each', () => {
    const facets = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`facet_${index}`, index]))
    const verdict = validate(aRunEvent({ run: { runId: aRunId, facets } }))

    expect(warningsOf(verdict)).toHaveLength(findingsMax)
    expect(verdict.ok && verdict.brokenFacets).toHaveLength(100)
  })

  it('with an endless key does not make an endless answer', () => {
    const key = 'k'.repeat(10_000)
    const verdict = validate(anEventWithFacet('run', key, 1))

    expect(verdict).toMatchObject({ brokenFacets: [`#/run/facets/${key}`] })
    expect(verdict.ok && verdict.warnings[0]?.pointer).toHaveLength(pointerCharactersMax + 1)
  })

  it('that breaks its schema rejects where strictness is asked for', () => {
    expect(validateStrictly(anEventWithFacet('job', 'sql', { ...facetBase }))).toEqual({
      ok: false,
      kind: 'RunEvent',
      problems: [{ pointer: '#/job/facets/sql/query', detail: 'is required' }],
    })
  })
})
