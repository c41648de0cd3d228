import express, { type Express, type RequestHandler } from 'express'
import { handleErrors } from './http/error-handler.ts'
import { answerLive, answerReady, type Dependencies } from './http/health-routes.ts'
import { logRequests } from './http/request-log.ts'
import { refuseMethod, refusePath } from './http/unknown-routes.ts'
import type { Logger } from './logger.ts'
import { receiveBatch, type ReceiveBatchParts } from './receive/batch-routes.ts'
import { receiveEvent, type ReceiveParts } from './receive/lineage-routes.ts'

export interface AppParts {
  receive: Omit<ReceiveParts & ReceiveBatchParts, 'log'>
  /** What must answer before this receiver is ready. */
  dependencies: Dependencies
  log: Logger
}

interface Route {
  method: 'get' | 'post'
  path: string
  handle: RequestHandler
}

/** Every HTTP route in one list; the error handler last. */
export function createApp({ receive, dependencies, log }: AppParts): Express {
  const routes: readonly Route[] = [
    { method: 'post', path: '/api/v1/lineage', handle: receiveEvent({ ...receive, log }) },
    { method: 'post', path: '/api/v1/lineage/batch', handle: receiveBatch({ ...receive, log }) },
    { method: 'get', path: '/health/live', handle: answerLive() },
    { method: 'get', path: '/health/ready', handle: answerReady(dependencies) },
  ]
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(logRequests(log))
  addRoutes(app, routes)
  app.use(refusePath())
  app.use(handleErrors(log))
  return app
}

/** Each path once: its methods, then the refusal of every other method. */
function addRoutes(app: Express, routes: readonly Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const ofPath = routes.filter((route) => route.path === path)
    const entry = app.route(path)
    for (const { method, handle } of ofPath) entry[method](handle)
    entry.all(refuseMethod(ofPath.flatMap(toAllowed)))
  }
}

// Express answers HEAD wherever there is a GET.
function toAllowed({ method }: Route): string[] {
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]
}
