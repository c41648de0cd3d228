import type { Graph, Row } from '../graph/connection.ts'
import { asText, fromDateTime, toDateTime, toInteger } from '../graph/values.ts'
import { toEntityKey, type EntityKey } from '../openlineage/keys.ts'
import type { Instant } from '../openlineage/time.ts'
import { countEvents, countOutputs, countRuns, countUnended } from './producer-statements.ts'
import { readColumnLineages } from './read-column-lineages.ts'

export interface Window {
  from: Instant
  to: Instant
}

/** What the graph says of the events of a window, by producer URI. */
export interface ProducerFigures {
  events: {
    producer: string
    warnings: string[]
    events: number
    first: Instant
    last: Instant
    example: string
  }[]
  runs: {
    producer: string
    runs: number
    completed: number
    completeWithoutStart: number
    missingParent: number
  }[]
  unended: { producer: string; runs: number; example: string }[]
  outputs: { producer: string; outputs: number; withSchema: number; withColumnLineage: number }[]
}

export interface FigureLimits {
  /** Most events of the log that are read, the newest. */
  eventsMax: number
  /** Most unended runs that are looked at, the newest. */
  runsMax: number
}

/** Asks the graph, in one transaction. `before`: a run that began earlier should have ended. */
export async function readProducerFigures(
  graph: Graph,
  { window, before, limits }: { window: Window; before: Instant; limits: FigureLimits },
): Promise<ProducerFigures> {
  const parameters = {
    from: toDateTime(window.from),
    to: toDateTime(window.to),
    before: toDateTime(before < window.to ? before : window.to),
    eventsMax: toInteger(limits.eventsMax),
    runsMax: toInteger(limits.runsMax),
  }
  return await graph.inRead(async (tx) => {
    const events = await tx.run(countEvents, parameters)
    const runs = await tx.run(countRuns, parameters)
    const unended = await tx.run(countUnended, parameters)
    const outputs = await tx.run(countOutputs, parameters)
    const versions = outputs.flatMap((row) => asText(row['jobVersion']) ?? [])
    const columnLineages = await readColumnLineages(tx, [...new Set(versions)])
    return {
      events: events.map(toEventCount),
      runs: runs.map(toRunCount),
      unended: unended.map((row) => ({
        producer: asText(row['producer']) ?? '',
        runs: Number(row['runs']),
        example: asText(row['example']) ?? '',
      })),
      outputs: outputs.map((row) => toOutputCount(row, columnLineages)),
    }
  })
}

function toEventCount(row: Row): ProducerFigures['events'][number] {
  const warnings: unknown = row['warnings']
  return {
    producer: asText(row['producer']) ?? '',
    warnings: Array.isArray(warnings) ? warnings.filter((kind) => typeof kind === 'string') : [],
    events: Number(row['events']),
    first: fromDateTime(row['first']) ?? '',
    last: fromDateTime(row['last']) ?? '',
    example: asText(row['example']) ?? '',
  }
}

function toRunCount(row: Row): ProducerFigures['runs'][number] {
  return {
    producer: asText(row['producer']) ?? '',
    runs: Number(row['runs']),
    completed: Number(row['completed']),
    completeWithoutStart: Number(row['completeWithoutStart']),
    missingParent: Number(row['missingParent']),
  }
}

function toOutputCount(
  row: Row,
  columnLineages: ReadonlyMap<string, ReadonlySet<EntityKey>>,
): ProducerFigures['outputs'][number] {
  const outputs = Number(row['outputs'])
  const dataset = toEntityKey({ namespace: asText(row['namespace']) ?? '', name: asText(row['name']) ?? '' })
  const explained = columnLineages.get(asText(row['jobVersion']) ?? '')
  return {
    producer: asText(row['producer']) ?? '',
    outputs,
    withSchema: Number(row['withSchema']),
    withColumnLineage: explained?.has(dataset) === true ? outputs : 0,
  }
}
