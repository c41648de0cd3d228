/** What a warehouse is generated from: the same parameters give the same bytes. */
export const defaultParameters = {
  jobs: 1000,
  runsPerJob: 2,
  /** Number of the first run: a later load of the same jobs begins where the earlier one ended. */
  firstRun: 0,
  seed: '1',
  /** Layer 0 holds the sources, which no job writes. */
  layers: 10,
  /** Undefined is a tenth of the jobs, at least 4. */
  sources: undefined,
  /** Runs in flight: so many STARTs, then their COMPLETEs. */
  window: 64,
  /** Jobs that share a parent run. */
  dagSize: 20,
  /** Whether the parent runs send events of their own. */
  dagEvents: false,
  /** Whether column lineage is on START too. */
  clOnStart: false,
  base: '2026-01-01T00:00:00.000Z',
  /** In front of the namespaces: another prefix is another, independent graph. */
  prefix: '',
}

const sourcesMin = 4
const jobsOfSource = 10

/** The parameters with what is missing filled in. */
export function toParameters(said) {
  const parameters = { ...defaultParameters, ...said }
  const sources = parameters.sources ?? Math.max(sourcesMin, Math.round(parameters.jobs / jobsOfSource))
  return { ...parameters, sources }
}
