import { once } from 'node:events'
import { Ajv2020 } from 'ajv/dist/2020.js'
import express from 'express'
import { endpointsOf } from '../../src/app.ts'
import type { Graph } from '../../src/graph/connection.ts'
import { seesAll, type Reader } from '../../src/http/access.ts'
import { handleErrors } from '../../src/http/error-handler.ts'
import { isJsonObject, readPath } from '../../src/openlineage/json-object.ts'
import { toInstant } from '../../src/openlineage/time.ts'
import { answerSchemas } from '../../src/read/answer-schemas.ts'
import { createAskGraph } from '../../src/read/ask-graph.ts'
import { createTakeChange } from '../../src/read/take-change.ts'
import { silent } from './graph.ts'

export interface Questions {
  /** Asks, and holds the answer to its schema where one is named. */
  get(path: string, schema?: string, headers?: Record<string, string>): Promise<Answered>
  close(): Promise<void>
}

export interface Answered {
  status: number
  headers: Headers
  text: string
  /** What stands at a path of the answer: `at('jobs', 0, 'name')`. */
  at(...path: (string | number)[]): unknown
  body: Record<string, unknown>
}

/** A reader that sees these namespaces alone. */
export function readerOf(...namespaces: string[]): Reader {
  return { namespaces, sees: (namespace) => namespaces.includes(namespace) }
}

const ajv = new Ajv2020({ strict: false, formats: { 'date-time': isInstant } })
ajv.addSchema({ $id: 'answers', components: { schemas: answerSchemas } })

const cypherLimits = { msMax: 10_000, rowsMax: 1000, bytesMax: 1_000_000, queriesMax: 1 }

/** Everything that can be asked, over HTTP, as one reader. */
export async function startQuestions(graph: Graph, reader: Reader = seesAll): Promise<Questions> {
  const app = express()
  const parts = { ask: createAskGraph(graph), takeChange: createTakeChange(undefined), graph, cypherLimits }
  for (const { operation, handle } of endpointsOf(parts)) {
    if (operation.method === 'get') app.get(operation.path, handle({ require: () => reader }))
  }
  app.use(handleErrors(silent))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = readPath(server.address(), ['port'])
  return {
    get: async (path, schema, headers = {}) => {
      const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers })
      const text = await response.text()
      const body: unknown = text === '' ? {} : JSON.parse(text)
      if (schema !== undefined) holdToSchema(body, schema)
      return {
        status: response.status,
        headers: response.headers,
        text,
        at: (...steps) => walk(body, steps),
        body: isJsonObject(body) ? body : {},
      }
    },
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

function holdToSchema(body: unknown, schema: string): void {
  const validate = ajv.getSchema(`answers#/components/schemas/${schema}`)
  if (validate === undefined) throw new Error(`there is no schema ${schema}`)
  if (validate(body) !== true)
    throw new Error(`${schema}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`)
}

function walk(value: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (found, step) =>
      Array.isArray(found)
        ? (found as unknown[])[Number(step)]
        : isJsonObject(found)
          ? found[step]
          : undefined,
    value,
  )
}

/** As answers write times: in UTC, with nanoseconds. */
function isInstant(text: string): boolean {
  return toInstant(text) === text
}
