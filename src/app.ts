import express, { type Express, type RequestHandler } from 'express'
import type { Graph } from './graph/connection.ts'
import type { Access } from './http/access.ts'
import { handleErrors } from './http/error-handler.ts'
import { answerLive, answerReady, type Dependencies } from './http/health-routes.ts'
import { answerMetrics } from './http/metrics-routes.ts'
import { noteAnswers, type NotedAnswer } from './http/note-answers.ts'
import type { Endpoint, Method } from './http/operation.ts'
import { answerProblemPage } from './http/problem-pages.ts'
import { logRequests } from './http/request-log.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { refuseMethod, refusePath } from './http/unknown-routes.ts'
import type { Logger } from './logger.ts'
import { answerApiPage, answerPageAsset } from './read/api-page/answer-page.ts'
import { otherOperations } from './read/api-page/other-operations.ts'
import { createAskGraph } from './read/ask-graph.ts'
import { cypherEndpoints, type CypherLimits } from './read/cypher/cypher-endpoint.ts'
import { describeApi } from './read/describe-api.ts'
import { entityEndpoints } from './read/entities/entity-endpoints.ts'
import { lineageEndpoints } from './read/lineage/lineage-endpoints.ts'
import { historyEndpoints } from './read/history/history-endpoints.ts'
import { marquezEndpoints } from './read/marquez/marquez-endpoints.ts'
import { listNamespaces } from './read/namespace-routes.ts'
import { searchEndpoints } from './read/search/search-endpoint.ts'
import { answerProducers } from './read/producer-routes.ts'
import type { ReadParts } from './read/read-parts.ts'
import { createTakeChange, type TakeChange } from './read/take-change.ts'
import { createDeadLetterHandlers, type DeadLetterParts } from './receive/dead-letter-routes.ts'
import { batchPath, receiveBatch, type ReceiveBatchParts } from './receive/batch-routes.ts'
import { lineagePath, receiveEvent, type ReceiveParts } from './receive/lineage-routes.ts'

export interface AppParts {
  receive: Omit<ReceiveParts & ReceiveBatchParts, 'log' | 'access'>
  /** Who may ask for what. */
  access: Access
  letters: Pick<DeadLetterParts, 'deadLetters' | 'findPlace'>
  /** Undefined where nobody has told of a Neo4j: then questions are answered 503. */
  graph: Graph | undefined
  cypherLimits: CypherLimits
  /** Notes in the graph what people change; undefined likewise. */
  putChange: TakeChange | undefined
  /** What must answer before this receiver is ready. */
  dependencies: Dependencies
  /** What is counted. */
  metrics: { read: () => Promise<string>; noteAnswer: (answer: NotedAnswer) => void }
  log: Logger
}

interface Route {
  method: Method
  path: string
  handle: RequestHandler
}

/** Every HTTP route in one list; the error handler last. */
export function createApp(parts: AppParts): Express {
  const { receive, access, letters, graph, cypherLimits, dependencies, metrics, log } = parts
  const deadLetters = createDeadLetterHandlers({ ...receive, ...letters, access, log })
  const routes: readonly Route[] = [
    { method: 'post', path: lineagePath, handle: receiveEvent({ ...receive, access, log }) },
    { method: 'post', path: batchPath, handle: receiveBatch({ ...receive, access, log }) },
    { method: 'get', path: '/api/v2/dead-letters', handle: deadLetters.list },
    { method: 'get', path: '/api/v2/dead-letters/groups', handle: deadLetters.listGroups },
    { method: 'post', path: '/api/v2/dead-letters/retry', handle: deadLetters.retrySelected },
    { method: 'post', path: '/api/v2/dead-letters/drop', handle: deadLetters.dropSelected },
    { method: 'get', path: '/api/v2/dead-letters/:id', handle: deadLetters.show },
    { method: 'delete', path: '/api/v2/dead-letters/:id', handle: deadLetters.drop },
    { method: 'get', path: '/api/v2/dead-letters/:id/event', handle: deadLetters.showEvent },
    { method: 'post', path: '/api/v2/dead-letters/:id/retry', handle: deadLetters.retry },
    { method: 'get', path: '/api/v2/producers', handle: answerProducers({ ...letters, access, graph }) },
    { method: 'get', path: '/api', handle: answerApiPage() },
    { method: 'get', path: '/api/page/:file', handle: answerPageAsset() },
    { method: 'get', path: '/problems/:name', handle: answerProblemPage() },
    { method: 'get', path: '/health/live', handle: answerLive() },
    { method: 'get', path: '/health/ready', handle: answerReady(dependencies) },
    { method: 'get', path: '/metrics', handle: answerMetrics({ read: metrics.read, access }) },
  ]
  const ask = createAskGraph(graph)
  const takeChange = createTakeChange(parts.putChange)
  const endpoints = endpointsOf({ ask, takeChange, graph, cypherLimits })
  const asked = endpoints.map(({ operation: { method, path }, handle }) => ({
    method,
    path,
    handle: handle(access),
  }))
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(setSecurityHeaders())
  app.use(logRequests(log))
  app.use(noteAnswers(metrics.noteAnswer))
  addRoutes(app, [...routes, ...asked])
  app.use(refusePath())
  app.use(handleErrors(log))
  return app
}

/** Everything that can be asked of the graph, in one list. */
export function endpointsOf(parts: ReadParts): Endpoint[] {
  const endpoints = [
    listNamespaces(parts),
    ...entityEndpoints(parts),
    ...historyEndpoints(parts),
    ...lineageEndpoints(parts),
    ...cypherEndpoints(parts),
    ...searchEndpoints(parts),
    ...marquezEndpoints(parts),
  ]
  return [...endpoints, describeApi([...endpoints.map(({ operation }) => operation), ...otherOperations])]
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
