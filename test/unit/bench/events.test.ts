import { createEventValidator } from '../../../src/validate/validate-event.ts'

/** What the events of the scenarios say, as far as it is counted here. */
interface Dataset {
  namespace: string
  name: string
  facets: {
    schema?: { fields: { name: string }[] }
    columnLineage?: { fields: Record<string, { inputFields: { name: string; field: string }[] }> }
  }
}
interface Event {
  run: { runId: string }
  job: { namespace: string; name: string }
  inputs: Dataset[]
  outputs: Dataset[]
}
type Expectation = Record<string, string | number>

async function load<Part>(path: string): Promise<Part> {
  return (await import(`../../../bench/${path}`)) as Part
}

const { hubTexts, expectHub } = await load<{
  hubTexts: (said: object) => Iterable<string>
  expectHub: (said: object) => Expectation
}>('generate/hub.mjs')

const { wideTexts, expectWide } = await load<{
  wideTexts: (said: object) => Iterable<string>
  expectWide: (said: object) => Expectation
}>('generate/wide.mjs')

const { largeTexts, expectLarge, mixTexts } = await load<{
  largeTexts: (said: object) => Iterable<string>
  expectLarge: (said: object) => Expectation
  mixTexts: (small: Iterable<string>, large: Iterable<string>, how: object) => Iterable<string>
}>('generate/large.mjs')

const validate = createEventValidator({ strict: true })

/** Whether a strict collector would refuse the event. */
function isDoubtful(text: string): boolean {
  return !validate(JSON.parse(text)).ok
}

const ofJob = ({ job }: Event) => job.name
const ofRun = ({ run }: Event) => run.runId

/** Counts what a manifest expects, from the events alone. */
function countIn(texts: readonly string[]): Expectation {
  const events = texts.map((text) => JSON.parse(text) as Event)
  const datasets = events.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
  const toEdges = (side: 'inputs' | 'outputs', of: (event: Event) => string) =>
    count(events.flatMap((event) => event[side].map(({ name }) => `${of(event)} ${name}`)))
  return {
    datasets: count(datasets.map(({ name }) => name)),
    jobs: count(events.map(ofJob)),
    runs: count(events.map(ofRun)),
    inputEdges: toEdges('inputs', ofJob),
    outputEdges: toEdges('outputs', ofJob),
    readRuns: toEdges('inputs', ofRun),
    datasetVersions: toEdges('outputs', ofRun),
    fields: count(
      datasets.flatMap(({ name, facets }) =>
        (facets.schema?.fields ?? []).map((field) => `${name} ${field.name}`),
      ),
    ),
    columnEdges: count(
      datasets.flatMap(({ name, facets }) =>
        Object.entries(facets.columnLineage?.fields ?? {}).flatMap(([field, { inputFields }]) =>
          inputFields.map((input) => `${input.name} ${input.field} ${name} ${field}`),
        ),
      ),
    ),
    events: count(texts),
  }
}

function count(names: readonly string[]): number {
  return new Set(names).size
}

describe('the events of the hub', () => {
  const said = { prefix: 'hub-', jobs: 7, runs: 30 }
  const texts = [...hubTexts(said)]

  it('are valid without a warning', () => {
    expect(texts.filter(isDoubtful)).toEqual([])
  })

  it('are what their manifest says', () => {
    expect(expectHub(said)).toMatchObject(countIn(texts))
  })

  it('all read the one calendar', () => {
    const reading = texts.filter((text) => text.includes('"dwh.dim.calendar"'))

    expect(reading).toHaveLength(texts.length)
  })

  it('are the same in one part as in several', () => {
    const parts = [0, 10, 20].flatMap((firstRun) => [...hubTexts({ ...said, firstRun, runs: 10 })])

    expect(parts).toEqual(texts)
  })
})

describe('the events of wide datasets', () => {
  // Odd, so that the last column is one of those that are made of two.
  const said = { prefix: 'wide-', jobs: 2, columns: 21, runs: 3 }
  const texts = [...wideTexts(said)]

  it('are valid without a warning', () => {
    expect(texts.filter(isDoubtful)).toEqual([])
  })

  it('are what their manifest says', () => {
    expect(expectWide(said)).toMatchObject(countIn(texts))
  })
})

describe('the large events', () => {
  const said = { prefix: 'large-', events: 3, bytes: 30_000 }
  const texts = [...largeTexts(said)]

  it('are valid without a warning', () => {
    expect(texts.filter(isDoubtful)).toEqual([])
  })

  it('are what their manifest says', () => {
    expect(expectLarge(said)).toMatchObject(countIn(texts))
  })

  it('are about as large as asked, and never larger', () => {
    for (const { length } of texts) {
      expect(length).toBeGreaterThan(said.bytes - 1000)
      expect(length).toBeLessThanOrEqual(said.bytes)
    }
  })

  it('come one after each so many small ones, and none is left out', () => {
    expect([...mixTexts(['a', 'b', 'c', 'd'], ['X', 'Y'], { every: 2 })].join('')).toBe('abXcdY')
    expect([...mixTexts(['a', 'b'], ['X', 'Y'], { every: 2 })].join('')).toBe('abXY')
  })
})
