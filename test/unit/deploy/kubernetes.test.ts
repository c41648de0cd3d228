import { readFileSync } from 'node:fs'
import { parse, parseAllDocuments } from 'yaml'
import { readConfig, settingLines } from '../../../src/config.ts'
import { createLogger } from '../../../src/logger.ts'
import { createReceiverMetrics } from '../../../src/metrics/receiver-metrics.ts'
import { createRegistry } from '../../../src/metrics/registry.ts'
import { laneNames } from '../../../src/queue/lanes.ts'
import { openWorkerDoor } from '../../../src/roles/worker-door.ts'
import { startReceiver } from '../receive/receiver.ts'

const dir = new URL('../../../deploy/kubernetes/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, dir), 'utf8')
const page = readFileSync(new URL('../../../docs/deployment.md', import.meta.url), 'utf8')

interface Probe {
  httpGet: { path: string; port: string }
}

interface Deployment {
  kind: string
  metadata: { name: string }
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number
        securityContext: Record<string, unknown>
        containers: Container[]
        volumes?: { secret: { secretName: string; items: { key: string }[] } }[]
      }
    }
  }
}

interface Container {
  args: string[]
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[]
  ports: { name: string; containerPort: number }[]
  startupProbe: Probe
  livenessProbe: Probe
  readinessProbe: Probe
  lifecycle?: { preStop: { exec: { command: string[] } } }
  securityContext: Record<string, unknown>
}

const documents = ['receiver', 'worker-small', 'worker-large'].flatMap((name) =>
  parseAllDocuments(read(`base/${name}.yaml`)).map((document): unknown => document.toJS()),
)
const deployments = documents.filter(
  (document): document is Deployment => (document as Deployment).kind === 'Deployment',
)
const pods = deployments.map(({ metadata, spec }) => {
  const [container] = spec.template.spec.containers
  if (container === undefined) throw new Error(`${metadata.name} has no container`)
  return { name: metadata.name, pod: spec.template.spec, container }
})
const fileSettings = Object.fromEntries(
  read('base/settings.env')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=', 2)),
) as Record<string, string>

function settingsOf({ env }: Container): Record<string, string> {
  return { ...fileSettings, ...Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'secret'])) }
}

describe('deploy/kubernetes', () => {
  it('has a receiver, and workers for small and for large events', () => {
    expect(pods.map(({ name, container }) => [name, ...container.args])).toEqual([
      ['receiver', 'serve'],
      ['worker-small', 'work'],
      ['worker-large', 'work'],
    ])
  })

  it('sets nothing that is no setting, and no value that is wrong', () => {
    const known = new Set(settingLines.map(({ name }) => name))
    const { configMapGenerator } = parse(read('example/kustomization.yaml'))
    const literals: string[] = configMapGenerator[0].literals
    const exampleSettings = Object.fromEntries(literals.map((line) => line.split('=', 2)))

    for (const { container } of pods) {
      const settings = { ...settingsOf(container), ...exampleSettings }

      expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([])
      expect(() => readConfig(settings)).not.toThrow()
    }
  })

  it.each(pods)('asks $name where it answers', async ({ container }) => {
    const { port, workerPort } = readConfig(settingsOf(container))
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe]
    const named = container.ports.find(({ name }) => name === probes[0]?.httpGet.port)
    const paths = [...probes.map(({ httpGet }) => httpGet.path), '/metrics']
    const isWorker = container.args.includes('work')

    const statuses = await (isWorker ? askWorker(paths) : askReceiver(paths))

    expect(statuses).toEqual([200, 200, 200, 200])
    expect(new Set(probes.map(({ httpGet }) => httpGet.port)).size).toBe(1)
    expect(named?.containerPort).toBe(isWorker ? workerPort : port)
  })

  it.each(pods)('gives $name more time to end than it takes', ({ pod, container }) => {
    const { shutdownMsMax } = readConfig(settingsOf(container))
    const pauseSeconds = Number(container.lifecycle?.preStop.exec.command[1] ?? 0)
    const handBackMs = 5000

    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(
      pauseSeconds * 1000 + shutdownMsMax + handBackMs,
    )
  })

  it.each(pods)('gives $name no rights', ({ pod, container }) => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it('has the secrets in one place, which the page tells how to make', () => {
    const command = /create secret generic headwater [\s\S]*?```/.exec(page)?.[0] ?? ''
    const made = [...command.matchAll(/--from-(?:literal|file)=([\w-]+)=/g)].map(([, key]) => key)
    const monitors = read('components/prometheus-operator/monitors.yaml')
    const metricsKey = /credentials: \{ name: headwater, key: ([\w-]+) \}/.exec(monitors)?.[1]
    const used = pods.flatMap(({ pod, container }) => [
      ...container.env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
      ...(pod.volumes ?? []).flatMap(({ secret }) =>
        secret.items.map(({ key }) => ({ name: secret.secretName, key })),
      ),
    ])

    expect(new Set(used.map(({ name }) => name))).toEqual(new Set(['headwater']))
    expect(new Set(made)).toEqual(new Set([...used.map(({ key }) => key), metricsKey]))
  })

  it('lets through the ports that are listened on', () => {
    const [all, receiver, worker] = parseAllDocuments(read('base/network-policy.yaml')).map((document) =>
      document.toJS(),
    )

    expect(portsOf(receiver.spec.ingress)).toEqual([5000])
    expect(portsOf(worker.spec.ingress)).toEqual([5001])
    expect(portsOf(all.spec.egress)).toEqual([53, 53, 6379, 26_379, 7687])
  })

  it('scales by metrics that are counted, of lanes that there are', () => {
    const registry = createRegistry({ version: '1.2.3' })
    const queue = {
      depth: () => Promise.reject(new Error('nobody asks')),
      countDeadLetters: () => Promise.resolve(0),
      eventsMax: 1,
      bytesMax: 1,
    }
    createReceiverMetrics(registry, { queue, dependencies: { redis: () => Promise.resolve(true) } })
    const known = new Set<unknown>(registry.getMetricsAsArray().map(({ name }) => name))
    const objects = parseAllDocuments(read('components/keda/scaled-objects.yaml')).map((document) =>
      document.toJS(),
    )
    const queries: string[] = objects.map(({ spec }) => spec.triggers[0].metadata.query)
    const lanes = queries.flatMap((query) => /lane=~?"([^"]+)"/.exec(query)?.[1]?.split('|') ?? [])

    expect(objects.map(({ spec }) => spec.scaleTargetRef.name)).toEqual(['worker-small', 'worker-large'])
    expect(
      queries.flatMap((query) => query.match(/headwater_\w+/g)).filter((name) => !known.has(name)),
    ).toEqual([])
    expect(lanes.toSorted()).toEqual([...laneNames].toSorted())
  })

  it('scrapes under the names that the alerts go by', () => {
    const monitors = read('components/prometheus-operator/monitors.yaml')
    const { scrape_configs: jobs } = parse(
      readFileSync(new URL('../prometheus/prometheus.yaml', dir), 'utf8'),
    )

    const named = [...monitors.matchAll(/targetLabel: job, replacement: ([\w-]+)/g)].map(([, name]) => name)

    expect(named).toEqual(jobs.map(({ job_name: name }: { job_name: string }) => name))
  })
})

function portsOf(rules: { ports: { port: number }[] }[]): number[] {
  return rules.flatMap(({ ports }) => ports.map(({ port }) => port))
}

async function askReceiver(paths: readonly string[]): Promise<number[]> {
  const receiver = await startReceiver()
  try {
    return await ask(receiver.port, paths)
  } finally {
    await receiver.close()
  }
}

async function askWorker(paths: readonly string[]): Promise<number[]> {
  const log = createLogger({ name: 'test', level: 'silent' })
  const dependencies = { redis: () => Promise.resolve(true) }
  const registry = createRegistry({ version: '1.2.3' })
  const door = await openWorkerDoor({ host: '', workerPort: 0 }, { dependencies, registry, log })
  try {
    return await ask(door.port, paths)
  } finally {
    await door.close()
  }
}

async function ask(port: number, paths: readonly string[]): Promise<number[]> {
  return await Promise.all(paths.map(async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status))
}
