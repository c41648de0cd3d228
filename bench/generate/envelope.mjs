const producer = 'https://bench.invalid/openlineage-generator/1.0'
const schemaURL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'

/** A facet as its producer would send it. */
export function aFacet(kind, members) {
  return {
    _producer: producer,
    _schemaURL: `https://openlineage.io/spec/facets/1-0-0/${kind}.json#/$defs/${kind}`,
    ...members,
  }
}

/** A RunEvent; the order of its members is part of its bytes, and so of its id. */
export function aRunEvent({ atMs, eventType, run, job, inputs, outputs }) {
  return { eventTime: toTime(atMs), eventType, producer, schemaURL, run, job, inputs, outputs }
}

export function toTime(ms) {
  return new Date(ms).toISOString()
}

/** A number with zeros in front: names then sort as their numbers do. */
export function toPadded(number, width = 5) {
  return String(number).padStart(width, '0')
}
