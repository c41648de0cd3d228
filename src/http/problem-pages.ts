import type { RequestHandler } from 'express'
import { Problem, problemCatalog, type ProblemName } from './problem.ts'
import { writeBody } from './write-body.ts'

interface ProblemPage {
  meaning: string
  /** What to do about it. */
  remedy: string
}

/** What stands behind the `type` of each problem. */
export const problemPages: Readonly<Record<ProblemName, ProblemPage>> = {
  'body-not-json': {
    meaning: 'The body is empty, not UTF-8, or breaks off being JSON; detail says where.',
    remedy:
      'Send one event as a JSON object, or an array of events to /api/v1/lineage/batch. Sending the same body again does not help.',
  },
  'body-undecodable': {
    meaning: 'Content-Encoding names gzip or deflate, but the body is something else, or ends too early.',
    remedy: 'Send the body compressed as the header says, or without the header. Look at proxies on the way.',
  },
  'request-invalid': {
    meaning:
      'A parameter of the query, or a member of the body, is unknown or has a value that cannot be understood.',
    remedy: 'Correct what detail names.',
  },
  'key-unknown': {
    meaning: 'The collector has API keys, and the request brought none of them.',
    remedy:
      'Send Authorization: Bearer <key>. OpenLineage clients: auth type api_key. The keys are those of API_KEYS and API_KEYS_FILE.',
  },
  'key-forbidden': {
    meaning: 'The key is known, and may do other things: keys have scopes (send, read, admin).',
    remedy:
      'Use a key that has the scope which detail names, or give this one more in API_KEYS or API_KEYS_FILE.',
  },
  'node-unknown': {
    meaning: 'No event has told of this job, dataset, field or run; or the key may not see its namespace.',
    remedy:
      'Look at its spelling: GET /api/v2/search?q=… finds what is there. Names are those that producers send.',
  },
  'route-unknown': {
    meaning: 'There is nothing at this path.',
    remedy: 'Events go to POST /api/v1/lineage, arrays of them to POST /api/v1/lineage/batch.',
  },
  'dead-letter-unknown': {
    meaning: 'No dead letter has this id: it was retried or dropped, or never was one.',
    remedy: 'List those there are: GET /api/v2/dead-letters.',
  },
  'method-not-allowed': {
    meaning: 'The path is right, the method is not.',
    remedy: 'Use one of the methods that the Allow header names.',
  },
  'dead-letter-damaged': {
    meaning: 'The queue does not hold the text that was accepted, so the event cannot be shown.',
    remedy:
      'Have the producer send it again if it can, then drop the letter. Look at the Redis of the queue.',
  },
  'body-too-large': {
    meaning: 'The body has more bytes, inflated, than BODY_BYTES_MAX.',
    remedy:
      'Leave out large facets such as spark.logicalPlan, send fewer events at once, or raise BODY_BYTES_MAX. Sending it again does not help.',
  },
  'batch-too-long': {
    meaning: 'The array has more events than BATCH_EVENTS_MAX. None of them was taken.',
    remedy: 'Send them in several requests, or raise BATCH_EVENTS_MAX.',
  },
  'media-type-unsupported': {
    meaning: 'Content-Type names something else than JSON.',
    remedy: 'Send Content-Type: application/json. Lines of JSON go as an array to /api/v1/lineage/batch.',
  },
  'encoding-unsupported': {
    meaning: 'Content-Encoding names a compression that the collector does not know.',
    remedy: 'Send gzip, deflate, or no compression.',
  },
  'event-invalid': {
    meaning: 'The JSON is not an event of OpenLineage: errors points at each value that is missing or wrong.',
    remedy:
      'Correct the producer. With STRICT=1 what is otherwise a warning is refused too: without it such events are taken.',
  },
  'batch-invalid': {
    meaning: 'The body is JSON, but not an array.',
    remedy: 'Send [{…}, {…}]. One event alone goes to /api/v1/lineage.',
  },
  'queue-unavailable': {
    meaning: 'Redis, which holds the queue, does not answer in time. Nothing is wrong with the request.',
    remedy: 'Send it again after a second. If it lasts: look at Redis, and at GET /health/ready.',
  },
  'queue-full': {
    meaning: 'More events wait for the graph than QUEUE_EVENTS_MAX or QUEUE_BYTES_MAX allow.',
    remedy:
      'Send it again later. If it lasts: look whether workers run and Neo4j answers, or start more workers.',
  },
  'receiver-busy': {
    meaning:
      'When the answer was due the receiver itself was still at work: it checked or compressed the event, or others. Redis is not to blame, and nothing is wrong with the event.',
    remedy:
      'Send it again; an event that was queued all the same is merged once. If it lasts: start more receivers, raise ANSWER_MS_MAX if the producer waits so long, or leave large facets such as spark.logicalPlan out.',
  },
  'graph-unavailable': {
    meaning: 'The answer stands in Neo4j, which does not answer, or which this receiver was not told of.',
    remedy:
      'Set NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD for the receiver. If they are set: look at Neo4j. Events are taken all the same.',
  },
  'cypher-invalid': {
    meaning: 'Neo4j cannot read the query, lacks a parameter, or met a value that it cannot work with.',
    remedy: 'Correct what detail names. docs/graph-model.md has the labels, relationships and properties.',
  },
  'cypher-forbidden': {
    meaning:
      'The plan of the query does more than read the graph: it writes, changes the schema, reads files or URLs, or calls a procedure or function that is not on the list.',
    remedy: 'Ask only with what reads. Who may do more uses Neo4j itself, with npm run cypher or over Bolt.',
  },
  'cypher-too-costly': {
    meaning: 'The query takes more time or memory than one may, or could go on without end.',
    remedy:
      'Ask for less: begin at a key, walk in one direction, use DISTINCT and LIMIT, unwind lists. The limits are CYPHER_MS_MAX and CYPHER_BYTES_MAX, and db.memory.transaction.max of Neo4j.',
  },
  'cypher-busy': {
    meaning: 'As many queries run at this receiver as CYPHER_QUERIES_MAX allows.',
    remedy: 'Ask again when one of them has ended. If it lasts: look for slow queries, or raise the limit.',
  },
  unexpected: {
    meaning: 'Something went wrong that nobody foresaw. It is a fault of the collector, not of the request.',
    remedy: 'Send it again. The collector’s log says more under the request id that instance names.',
  },
}

/** GET /problems/{name}: where the `type` of a problem leads. JSON, or text for who reads it in a browser. */
export function answerProblemPage(): RequestHandler {
  return (request, response) => {
    const name = String(request.params['name'])
    if (!isProblemName(name)) {
      const names = Object.keys(problemPages).join(', ')
      throw new Problem('route-unknown', { detail: `There is no such problem. There are ${names}.` })
    }
    const { title, status } = problemCatalog[name]
    const page = { type: `/problems/${name}`, title, status, ...problemPages[name] }
    const isJson = request.accepts(['json', 'html', 'text']) === 'json'
    writeBody(response, {
      status: 200,
      contentType: isJson ? 'application/json' : 'text/plain; charset=utf-8',
      body: isJson ? JSON.stringify(page) : toText(page),
    })
  }
}

function isProblemName(name: string): name is ProblemName {
  return Object.hasOwn(problemPages, name)
}

function toText({ title, status, meaning, remedy }: ProblemPage & { title: string; status: number }): string {
  return `${title} (${status})\n\n${meaning}\n\nWhat to do: ${remedy}\n`
}
