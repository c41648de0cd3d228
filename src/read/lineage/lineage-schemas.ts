import type { JsonSchema } from '../../http/parameters.ts'

const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const texts = { type: 'array', items: text }
const owners = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { name: text, type: text },
  },
}
const tags = { ...texts, description: '`key`, or `key=value`.' }
const hidden = {
  type: 'integer',
  description: 'Things next to what is shown that the key may not see. They are not walked through.',
}
const distance = { type: 'integer', minimum: 0 }

const node = {
  type: 'object',
  required: ['id', 'kind', 'namespace', 'name'],
  additionalProperties: false,
  properties: {
    id: text,
    kind: { enum: ['dataset', 'field', 'job', 'run'] },
    namespace: text,
    name: { type: 'string', description: 'Of a field its path, of a run the name of its job.' },
    upstreamDistance: { ...distance, description: 'Steps against the flow of data from a root.' },
    downstreamDistance: { ...distance, description: 'Steps with the flow of data from a root.' },
    distance: { ...distance, description: 'Steps in any direction; for `either`.' },
    type: { type: 'string', description: 'Of a dataset or a field.' },
    dataset: { type: 'string', description: 'The name of the dataset of a field.' },
    description: text,
    droppedAt: time,
    removedAt: time,
    jobType: text,
    integration: text,
    processingType: text,
    job: { type: 'string', description: 'The id of the job of a run.' },
    state: text,
    startedAt: time,
    endedAt: time,
    owners,
    tags,
  },
}

const edge = {
  type: 'object',
  description: 'It points the way that data goes: a READS from the dataset to the job.',
  required: ['from', 'to', 'kind'],
  additionalProperties: false,
  properties: {
    from: text,
    to: text,
    kind: { enum: ['FEEDS', 'INFLUENCES', 'READS', 'WRITES', 'PRECEDES', 'SAME_AS', 'PART_OF', 'READ'] },
    derivation: { enum: ['EXPLICIT', 'COLUMN', 'IO'] },
    current: { type: 'boolean', description: 'Whether the newest completed run of the job does it.' },
    job: { type: 'string', description: 'The job that moves the data, where the key may see it.' },
    type: text,
    subtype: text,
    masking: { type: 'boolean' },
    description: text,
    source: {
      type: 'string',
      description: 'Who says that two names mean one thing, or that a job precedes another.',
    },
    dataset: { type: 'string', description: 'What one run wrote and the other read.' },
    version: { type: 'string', description: 'Which version of it.' },
    firstSeenAt: time,
    lastSeenAt: { ...time, description: 'The hour in which it was seen last.' },
    via: { ...texts, description: 'What it leads through that is not shown.' },
  },
}

const fanOut = { ...texts, description: 'Nodes with more neighbours than were looked at.' }
const flag = { type: 'boolean' }

/** The shapes of answers on lineage. */
export const lineageSchemas: Readonly<Record<string, JsonSchema>> = {
  Lineage: {
    type: 'object',
    required: ['roots', 'direction', 'depth', 'granularity', 'nodes', 'edges', 'truncated', 'hidden'],
    additionalProperties: false,
    properties: {
      roots: texts,
      direction: text,
      depth: { type: 'integer' },
      granularity: text,
      nodes: { type: 'array', items: node },
      edges: { type: 'array', items: edge },
      truncated: {
        type: 'object',
        required: ['nodes', 'depth', 'edges', 'fanOut'],
        additionalProperties: false,
        properties: {
          nodes: { ...flag, description: 'There are more nodes than `limit`.' },
          depth: { ...flag, description: 'There is more behind `depth`.' },
          edges: { ...flag, description: 'There are more edges than an answer holds.' },
          fanOut,
        },
      },
      hidden,
    },
  },
  Impact: {
    type: 'object',
    required: ['impacted', 'total', 'truncated', 'hidden'],
    additionalProperties: false,
    properties: {
      impacted: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'kind', 'namespace', 'name', 'distance', 'owners', 'tags', 'path'],
          additionalProperties: false,
          properties: {
            id: text,
            kind: { enum: ['dataset', 'field', 'job'] },
            namespace: text,
            name: text,
            distance: { type: 'integer', minimum: 1 },
            owners,
            tags,
            path: { ...texts, description: 'One shortest way to it, with the jobs that move the data.' },
            derivation: { enum: ['EXPLICIT', 'COLUMN', 'IO'] },
          },
        },
      },
      total: { type: 'integer', description: 'Entries on all pages.' },
      next: { type: 'string', description: 'The cursor of the next page; absent on the last one.' },
      truncated: {
        type: 'object',
        required: ['nodes', 'depth', 'fanOut'],
        additionalProperties: false,
        properties: { nodes: flag, depth: flag, fanOut },
      },
      hidden,
    },
  },
  Paths: {
    type: 'object',
    required: ['paths', 'truncated', 'hidden'],
    additionalProperties: false,
    properties: {
      paths: {
        type: 'array',
        items: {
          type: 'object',
          required: ['nodes', 'edges'],
          additionalProperties: false,
          properties: { nodes: texts, edges: { type: 'array', items: edge } },
        },
      },
      truncated: {
        type: 'object',
        required: ['nodes', 'depth', 'fanOut'],
        additionalProperties: false,
        properties: { nodes: flag, depth: flag, fanOut: flag },
      },
      hidden,
    },
  },
}
