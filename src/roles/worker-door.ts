import express from 'express'
import type { Registry } from 'prom-client'
import type { Config } from '../config.ts'
import { answerLive, answerReady, type Dependencies } from '../http/health-routes.ts'
import { answerMetrics } from '../http/metrics-routes.ts'
import { setSecurityHeaders } from '../http/security-headers.ts'
import { startServer, type StartedServer } from '../http/server.ts'
import type { Logger } from '../logger.ts'
import { createDependencyGauges } from '../metrics/dependency-gauges.ts'
import { createReading } from '../metrics/registry.ts'

/** Opens the door where a worker tells how it is. It needs no key: it counts, and says nothing of what is in the graph. */
export async function openWorkerDoor(
  { host, workerPort }: Pick<Config, 'host' | 'workerPort'>,
  { dependencies, registry, log }: { dependencies: Dependencies; registry: Registry; log: Logger },
): Promise<StartedServer> {
  const app = express()
  app.disable('x-powered-by')
  app.use(setSecurityHeaders())
  app.get('/health/live', answerLive())
  app.get('/health/ready', answerReady(dependencies))
  const read = createReading(registry, [createDependencyGauges(registry, dependencies)])
  app.get('/metrics', answerMetrics({ read }))
  return await startServer({ app, host: host === '' ? '127.0.0.1' : host, port: workerPort, log })
}
