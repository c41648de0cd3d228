import { Gauge, type Registry } from 'prom-client'
import { withDeadline } from '../http/deadline.ts'
import type { Dependencies } from '../http/health-routes.ts'

/** Prometheus gives up after ten seconds unless it is told otherwise: what does not answer by then is told as down, or left out. */
const askMsMax = 2000

/** Gauges that are asked for when somebody reads them. */
export interface AskedGauges {
  ask(): Promise<void>
}

/** `headwater_redis_up` and `headwater_neo4j_up`, of those dependencies that there are. */
export function createDependencyGauges(registry: Registry, dependencies: Dependencies): AskedGauges {
  const gauges = Object.entries(dependencies).map(([name, check]) => ({
    check,
    gauge: new Gauge({
      name: `headwater_${name}_up`,
      help: `1 while ${name === 'neo4j' ? 'Neo4j' : 'Redis'} answers this process, else 0.`,
      registers: [registry],
    }),
  }))
  return {
    async ask() {
      await Promise.all(
        gauges.map(async ({ gauge, check }) => gauge.set((await askInTime(check)) === true ? 1 : 0)),
      )
    },
  }
}

/** The answer, or undefined where there is none in time. */
export async function askInTime<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await withDeadline(ask(), { ms: askMsMax, late: () => new Error('no answer in time') })
  } catch {
    return undefined
  }
}
