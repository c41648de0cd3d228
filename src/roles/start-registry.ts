import type { Registry } from 'prom-client'
import { addProcessMetrics, createRegistry } from '../metrics/registry.ts'
import { readVersion } from './version.ts'

/** The registry of this process, with what Node.js tells of it. */
export function startRegistry(): Registry {
  const registry = createRegistry({ version: readVersion() })
  addProcessMetrics(registry)
  return registry
}
