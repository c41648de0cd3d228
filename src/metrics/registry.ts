import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { AskedGauges } from './dependency-gauges.ts'

/** What is counted in this process: a registry of its own, and its version. */
export function createRegistry({ version }: { version: string }): Registry {
  const registry = new Registry()
  new Gauge({
    name: 'headwater_build_info',
    help: 'Always 1; the label tells which version of Headwater runs.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1)
  return registry
}

/** Adds what Node.js tells of a process: memory, CPU, garbage collection, its event loop. Once a process, as its watchers never stop. */
export function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
}

/** Reads all of it as Prometheus takes it, once those that have to be asked have been asked. */
export function createReading(registry: Registry, asked: readonly AskedGauges[]): () => Promise<string> {
  return async () => {
    await Promise.all(asked.map(async (gauges) => await gauges.ask()))
    return await registry.metrics()
  }
}
