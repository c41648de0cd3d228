import neo4j from 'neo4j-driver'

/**
 * A value of Neo4j as JSON has it. Nodes, relationships and paths become objects; times and durations their ISO 8601 text; points
 * their coordinates; bytes base64; integers beyond 2^53, NaN and infinities texts, since JSON has no such numbers.
 */
export function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value === null || typeof value !== 'object') return value ?? null
  if (Array.isArray(value)) return value.map(toJsonValue)
  if (value instanceof Int8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  const time = toTimeText(value)
  if (time !== undefined) return time
  if (neo4j.isNode(value)) {
    return { elementId: value.elementId, labels: value.labels, properties: toJsonObject(value.properties) }
  }
  if (neo4j.isRelationship(value)) {
    return {
      elementId: value.elementId,
      type: value.type,
      startNodeElementId: value.startNodeElementId,
      endNodeElementId: value.endNodeElementId,
      properties: toJsonObject(value.properties),
    }
  }
  if (neo4j.isPath(value)) return toJsonPath(value)
  if (neo4j.isPoint(value)) {
    const { srid, x, y, z } = value
    return toJsonObject({ srid, x, y, ...(z !== undefined && { z }) })
  }
  return toJsonObject(value)
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
}

/** Each writes itself as ISO 8601. */
function toTimeText(value: object): string | undefined {
  if (neo4j.isDateTime(value) || neo4j.isLocalDateTime(value) || neo4j.isDate(value)) return value.toString()
  if (neo4j.isTime(value) || neo4j.isLocalTime(value) || neo4j.isDuration(value)) return value.toString()
  return undefined
}

function toJsonObject(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toJsonValue(one)]))
}

function toJsonPath({
  start,
  segments,
}: {
  start: unknown
  segments: { relationship: unknown; end: unknown }[]
}) {
  return {
    nodes: [start, ...segments.map(({ end }) => end)].map(toJsonValue),
    relationships: segments.map(({ relationship }) => toJsonValue(relationship)),
  }
}

/**
 * Parameters as Neo4j takes them: whole numbers as integers, so that `LIMIT $n` takes them.
 */
export function toParameter(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(toParameter)
  if (value === null || typeof value !== 'object') return value
  return toParameters(value)
}

export function toParameters(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toParameter(one)]))
}
