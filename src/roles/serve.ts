import { createApp, type AppParts } from '../app.ts'
import type { Config } from '../config.ts'
import { listenHost, loopbackSentence } from '../http/listen-host.ts'
import { startServer } from '../http/server.ts'
import { toTlsFiles } from '../http/tls-files.ts'
import type { Logger } from '../logger.ts'
import { connectDeadLetters } from '../queue/dead-letters.ts'
import { connectEventQueue, type EventQueue } from '../queue/event-queue.ts'
import { createApiKeys } from '../http/api-keys.ts'
import { putPeopleChange } from '../merge/put-people-change.ts'
import { createReceiverMetrics } from '../metrics/receiver-metrics.ts'
import { createRedactor, redactNothing, type Redactor } from '../redact/redactor.ts'
import { createPlaceFinder } from '../validate/standard-place.ts'
import { createEventValidator } from '../validate/validate-event.ts'
import { graphOf, queueOf, type QueueSettings } from './connections.ts'
import type { Role } from './role.ts'
import { startRegistry } from './start-registry.ts'
import { startRequestTracer } from './trace-role.ts'

/** Who has made a change that came over HTTP. */
const changedOverHttp = 'HTTP'

/**
 * Starts the receiver: events in over HTTP, validated and queued.
 * @throws {ConfigError} for a port or address that cannot be had
 * @throws {QueueUnavailable} when there is no Redis
 */
export async function startReceiver(config: Config, log: Logger): Promise<Role> {
  const host = listenHost(config)
  const tls = toTlsFiles(config)
  const sentence = loopbackSentence(config)
  if (sentence !== undefined) log.warn(sentence)
  const keys = createApiKeys({ keys: config.apiKeys, file: config.apiKeysFile, log })
  const place = queueOf(config)
  const queue = await openQueue(config, { place, log })
  const deadLetters = await connectDeadLetters({ ...place, log })
  const graph = config.neo4jUri === '' ? undefined : graphOf(config, log)
  const dependencies = { redis: () => queue.isReady() }
  const metrics = createReceiverMetrics(startRegistry(), {
    queue: {
      depth: () => queue.depth(),
      countDeadLetters: () => deadLetters.count(),
      eventsMax: config.queueEventsMax,
      bytesMax: config.queueBytesMax,
    },
    dependencies,
  })
  const traces = await startRequestTracer(config, log)
  const app = createApp({
    graph,
    cypherLimits: toCypherLimits(config),
    putChange: graph && (async (change) => await putPeopleChange(graph, { change, by: changedOverHttp })),
    access: keys,
    letters: { deadLetters, findPlace: createPlaceFinder() },
    receive: toReceiveParts(config, { queue, notes: metrics.notes, tracer: traces.tracer }),
    dependencies,
    metrics,
    log,
  })
  const server = await startServer({ app, host, port: config.port, limits: config, tls, log })
  log.info({ port: server.port }, 'receiver started')
  return {
    close: async () => {
      await server.close()
      keys.close()
      deadLetters.close()
      await graph?.close()
      await queue.close()
      await traces.close()
    },
  }
}

function toReceiveParts(
  config: Config,
  followers: Pick<AppParts['receive'], 'queue' | 'notes' | 'tracer'>,
): AppParts['receive'] {
  return {
    validate: createEventValidator({ strict: config.strict }),
    redact: toRedactor(config),
    bodyBytesMax: config.bodyBytesMax,
    answerMsMax: config.answerMsMax,
    batchEventsMax: config.batchEventsMax,
    batchAnswerMsMax: config.batchAnswerMsMax,
    ...followers,
  }
}

function toCypherLimits(config: Config): AppParts['cypherLimits'] {
  return {
    msMax: config.cypherMsMax,
    rowsMax: config.cypherRowsMax,
    bytesMax: config.cypherBytesMax,
    queriesMax: config.cypherQueriesMax,
  }
}

function toRedactor({ redact, redactNames: names, redactParameters: parameters }: Config): Redactor {
  return redact ? createRedactor({ names, parameters }) : redactNothing
}

async function openQueue(
  config: Config,
  { place, log }: { place: QueueSettings; log: Logger },
): Promise<EventQueue> {
  return await connectEventQueue({
    ...place,
    jobEventsMax: config.jobEventsMax,
    lingerMs: config.queueLingerMs,
    largeEventBytes: config.largeEventBytes,
    queueEventsMax: config.queueEventsMax,
    queueBytesMax: config.queueBytesMax,
    addMsMax: config.answerMsMax,
    redisAnyway: config.redisAnyway,
    log,
  })
}
