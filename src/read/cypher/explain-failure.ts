import { Neo4jError } from 'neo4j-driver'
import { isPassingTrouble } from '../../graph/passing-trouble.ts'
import { explainPrefix, RecordTooLarge } from '../../graph/read-foreign.ts'
import { Problem } from '../../http/problem.ts'
import type { Truncation } from './row-formats.ts'

/** The query did not end when its time was over, and neither when Neo4j was told so. */
export class QueryTooLong extends Error {
  override readonly name = 'QueryTooLong'
}

/** What went wrong with a query, in the caller's words; other errors as they are. */
export function toCypherProblem(cause: unknown, { msMax }: { msMax: number }): unknown {
  const tooCostly = (detail: string) => new Problem('cypher-too-costly', { detail, cause })
  if (cause instanceof QueryTooLong) return tooCostly(tooLongDetail(msMax))
  if (cause instanceof RecordTooLarge)
    return tooCostly('One row is too large. Return fewer values in a row: no collect() over many nodes.')
  if (!(cause instanceof Neo4jError)) return cause
  const { code } = cause
  if (/\.(?:TransactionTimedOut\w*|Terminated|TransactionTerminated)$/.test(code))
    return tooCostly(tooLongDetail(msMax))
  if (/OutOfMemory/.test(code))
    return tooCostly('It needs more memory than one query may take. Sort, collect or group fewer rows.')
  // Passing for us, who name it in a setting; not for a query that names another.
  if (code.endsWith('DatabaseNotFound')) return toInvalid(cause)
  if (/AccessMode$|\.Security\.Forbidden$/.test(code))
    return new Problem('cypher-forbidden', {
      detail: `Only what reads the graph may run here: ${cause.message}`,
      cause,
    })
  if (isPassingTrouble(cause) || code === 'ServiceUnavailable' || code === 'SessionExpired')
    return new Problem('graph-unavailable', { detail: 'Neo4j does not answer. Ask again.', cause })
  return toInvalid(cause)
}

function toInvalid(cause: Neo4jError): Problem {
  return new Problem('cypher-invalid', { detail: `Neo4j says: ${toOwnPlaces(cause.message)}`, cause })
}

/** Why an answer ends early that has begun. */
export function toTruncation(
  error: unknown,
  limits: { msMax: number },
): { truncation: Truncation; detail: string } {
  const problem = toCypherProblem(error, limits)
  const detail = problem instanceof Problem ? problem.message : 'The collector’s log says more.'
  return { truncation: detail === tooLongDetail(limits.msMax) ? 'time' : 'failed', detail }
}

function tooLongDetail(msMax: number): string {
  return `It took longer than ${msMax} ms. Ask for less: begin at a key, walk in one direction, use DISTINCT and LIMIT.`
}

const messageCharsMax = 1000

/** The first line of a message, with columns as they are in the query that was sent. */
function toOwnPlaces(message: string): string {
  const [first = ''] = message.split(/\n"/)
  return first
    .replaceAll(
      /\(line 1, column (\d+) \(offset: (\d+)\)\)/g,
      (_all, column: string) => `(line 1, column ${Math.max(1, Number(column) - explainPrefix.length)})`,
    )
    .slice(0, messageCharsMax)
    .trim()
}
