import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { createDependencyGauges } from '../../../src/metrics/dependency-gauges.ts'
import { createReceiverMetrics } from '../../../src/metrics/receiver-metrics.ts'
import { createRegistry } from '../../../src/metrics/registry.ts'
import { createRetentionNotes } from '../../../src/metrics/retention-notes.ts'
import { createWipeGauge } from '../../../src/metrics/wipe-gauge.ts'
import { createWorkerNotes } from '../../../src/metrics/worker-notes.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

const alerts = 'deploy/prometheus/alerts.yaml'
const dashboard = 'deploy/grafana/headwater-dashboard.json'
const page = 'docs/operations.md'

const up = async () => await Promise.resolve(true)

/** What the registries of both roles hold: the names, and the names of their samples. */
function knownMetrics(): { names: string[]; sampled: Set<string> } {
  const receiver = createRegistry({ version: '1.2.3' })
  const queue = {
    depth: () => Promise.reject(new Error('nobody asks')),
    countDeadLetters: () => Promise.resolve(0),
    eventsMax: 1,
    bytesMax: 1,
  }
  createReceiverMetrics(receiver, { queue, dependencies: { redis: up } })
  const worker = createRegistry({ version: '1.2.3' })
  createWorkerNotes(worker)
  createRetentionNotes(worker)
  createWipeGauge(worker)
  createDependencyGauges(worker, { redis: up, neo4j: up })
  const metrics = [...receiver.getMetricsAsArray(), ...worker.getMetricsAsArray()]
  const sampled = metrics.flatMap(({ name, type }) =>
    // prom-client says the type in a word where its declaration has a number.
    String(type) === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
  return { names: [...new Set(metrics.map(({ name }) => name))], sampled: new Set(sampled) }
}

const namedIn = (text: string) => [...new Set(text.match(/\bheadwater_\w+/g))]

interface Rule {
  alert: string
  expr: string
  annotations: { summary: string; description: string }
}

const rules: Rule[] = parse(read(alerts)).groups.flatMap(({ rules: some }: { rules: Rule[] }) => some)

describe('the metrics that are named elsewhere', () => {
  it.each([alerts, dashboard])('are counted, in %s', (path) => {
    const { sampled } = knownMetrics()

    const named = namedIn(read(path))

    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !sampled.has(name))).toEqual([])
  })

  it('are counted, on the page for who operates it', () => {
    const { names } = knownMetrics()

    expect(namedIn(read(page)).filter((name) => !names.includes(name))).toEqual([])
  })
})

describe('docs/operations.md', () => {
  it('names every metric with its labels', () => {
    const text = read(page)
    const { names } = knownMetrics()

    expect(names.length).toBeGreaterThan(15)
    expect(names.filter((name) => !new RegExp(`\`${name}[\`{]`).test(text))).toEqual([])
  })

  it('tells of every alert what to do, and of no other', () => {
    const told = [...read(page).matchAll(/^\*\*(\w+)\*\*/gm)].map(([, name]) => name)

    expect(told).toEqual(rules.map(({ alert }) => alert))
  })
})

describe('deploy/prometheus', () => {
  it('goes by the jobs that it scrapes', () => {
    const { scrape_configs: jobs } = parse(read('deploy/prometheus/prometheus.yaml'))
    const scraped = jobs.map(({ job_name: name }: { job_name: string }) => name)

    const used = rules.flatMap(({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, name]) => name))

    expect(used).toEqual(scraped)
  })
})
