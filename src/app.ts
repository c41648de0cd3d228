import express, { type Express, type RequestHandler } from 'express'
import type { Graph } from './graph/connection.ts'
import { handleErrors } from './http/error-handler.ts'
import { answerLive, answerReady, type Dependencies } from './http/health-routes.ts'
import { answerProblemPage } from './http/problem-pages.ts'
import { logRequests } from './http/request-log.ts'
import { refuseMethod, refusePath } from './http/unknown-routes.ts'
import type { Logger } from './logger.ts'
import { answerProducers } from './read/producer-routes.ts'
import { createDeadLetterHandlers, type DeadLetterParts } from './receive/dead-letter-routes.ts'
import { receiveBatch, type ReceiveBatchParts } from './receive/batch-routes.ts'
import { receiveEvent, type ReceiveParts } from './receive/lineage-routes.ts'

export interface AppParts {
  receive: Omit<ReceiveParts & ReceiveBatchParts, 'log'>
  letters: Pick<DeadLetterParts, 'deadLetters' | 'findPlace'>
  /** Undefined where nobody has told of a Neo4j: then questions are answered 503. */
  graph: Graph | undefined
  /** What must answer before this receiver is ready. */
  dependencies: Dependencies
  log: Logger
}

interface Route {
  method: 'get' | 'post' | 'delete'
  path: string
  handle: RequestHandler
}

/** Every HTTP route in one list; the error handler last. */
export function createApp({ receive, letters, graph, dependencies, log }: AppParts): Express {
  const deadLetters = createDeadLetterHandlers({ ...receive, ...letters, log })
  const routes: readonly Route[] = [
    { method: 'post', path: '/api/v1/lineage', handle: receiveEvent({ ...receive, log }) },
    { method: 'post', path: '/api/v1/lineage/batch', handle: receiveBatch({ ...receive, log }) },
    { method: 'get', path: '/api/v2/dead-letters', handle: deadLetters.list },
    { method: 'get', path: '/api/v2/dead-letters/groups', handle: deadLetters.listGroups },
    { method: 'post', path: '/api/v2/dead-letters/retry', handle: deadLetters.retrySelected },
    { method: 'post', path: '/api/v2/dead-letters/drop', handle: deadLetters.dropSelected },
    { method: 'get', path: '/api/v2/dead-letters/:id', handle: deadLetters.show },
    { method: 'delete', path: '/api/v2/dead-letters/:id', handle: deadLetters.drop },
    { method: 'get', path: '/api/v2/dead-letters/:id/event', handle: deadLetters.showEvent },
    { method: 'post', path: '/api/v2/dead-letters/:id/retry', handle: deadLetters.retry },
    { method: 'get', path: '/api/v2/producers', handle: answerProducers({ ...receive, ...letters, graph }) },
    { method: 'get', path: '/problems/:name', handle: answerProblemPage() },
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
