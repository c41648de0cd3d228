import { aFacet, aRunEvent, toPadded } from './envelope.mjs'
import { randomOf, uuidOf } from './random.mjs'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const stepMs = 60_000
const catalyst = 'org.apache.spark.sql.catalyst'

/**
 * The texts of `events` events of so many bytes each, a run each, of one job. They are large as events of Spark are: by the logical plan of
 * the query.
 */
export function* largeTexts({ prefix, events, bytes }) {
  for (let run = 0; run < events; run += 1) yield toLargeText({ prefix, run, bytes })
}

/** What the graph holds after them. */
export function expectLarge({ prefix, events }) {
  return {
    datasetNamespace: toDatasetNamespace(prefix),
    jobNamespace: toJobNamespace(prefix),
    datasets: 2,
    jobs: 1,
    parentJobs: 0,
    runs: events,
    parentRuns: 0,
    inputEdges: 1,
    outputEdges: 1,
    readRuns: events,
    datasetVersions: events,
    fields: 0,
    columnEdges: 0,
    events,
  }
}

/** The large texts spread among the small ones, one after each `every` of them; what is left of them comes last. */
export function* mixTexts(small, large, { every }) {
  const others = large[Symbol.iterator]()
  let count = 0
  for (const text of small) {
    yield text
    count += 1
    const next = count % every === 0 ? others.next() : { done: true }
    if (!next.done) yield next.value
  }
  yield* others
}

function toLargeText({ prefix, run, bytes }) {
  const atMs = startMs + run * stepMs
  const datasetNamespace = toDatasetNamespace(prefix)
  const toText = (plan) =>
    JSON.stringify(
      aRunEvent({
        atMs,
        eventType: 'COMPLETE',
        run: {
          runId: uuidOf(prefix, `run/${run}`, atMs),
          facets: { 'spark.logicalPlan': aFacet('LogicalPlanFacet', { plan }) },
        },
        job: { namespace: toJobNamespace(prefix), name: 'etl.wide_join', facets: {} },
        inputs: [{ namespace: datasetNamespace, name: 'raw/events', facets: {} }],
        outputs: [{ namespace: datasetNamespace, name: 'mart/events', facets: {} }],
      }),
    )
  return toText(toPlan(randomOf(prefix, `plan/${run}`), bytes - toText([]).length))
}

/** A logical plan as Spark writes it, a flat list of nodes, whose JSON is about so long and never longer. */
function toPlan(random, characters) {
  const plan = []
  let length = 2
  while (true) {
    const node = toPlanNode(random, plan.length)
    length += JSON.stringify(node).length + 1
    if (length > characters) return plan
    plan.push(node)
  }
}

function toPlanNode(random, index) {
  const toAttribute = (name) => ({
    class: `${catalyst}.expressions.AttributeReference`,
    'num-children': 0,
    name,
    dataType: 'string',
    nullable: true,
    metadata: {},
    exprId: {
      'product-class': `${catalyst}.expressions.ExprId`,
      id: Math.floor(random() * 1e9),
      jvmId: index,
    },
    qualifier: [],
  })
  return {
    class: `${catalyst}.plans.logical.Project`,
    'num-children': 1,
    projectList: [[toAttribute(`column_${toPadded(index)}`)], [toAttribute(`key_${toPadded(index)}`)]],
    child: 0,
  }
}

function toDatasetNamespace(prefix) {
  return `${prefix}s3://lake.example`
}

function toJobNamespace(prefix) {
  return `${prefix}spark`
}
