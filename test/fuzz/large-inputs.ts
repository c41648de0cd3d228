import { gzipSync } from 'node:zlib'
import { aDatasetEvent, aFacet, aJobEvent, aRunEvent } from '../support/events.ts'
import type { Input } from './inputs.ts'

const mib = 1024 * 1024

const gzip = { 'Content-Encoding': 'gzip' }
const around = (value: string) => Buffer.from(JSON.stringify(aRunEvent()).replace(/}$/, `,"x":${value}}`))
const inFacet = (value: string) =>
  Buffer.from(
    JSON.stringify(
      aJobEvent({ job: { namespace: 'n', name: 'j', facets: { x: aFacet({ y: '@' }) } } }),
    ).replace('"@"', () => value),
  )
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const datasets = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ namespace: 'file', name: `/in/${index}` }))

/** What is more than anyone sends. */
export function largeInputs(): Input[] {
  return [
    { kind: 'deep nesting', body: around(nested(999)) },
    { kind: 'deep nesting', body: around(nested(5000)) },
    { kind: 'deep nesting', body: inFacet(nested(900)) },
    { kind: 'deep nesting', body: inFacet(nestedObjects(990)) },
    { kind: 'deep nesting', body: around(nestedObjects(200_000)) },
    { kind: 'deep nesting', body: Buffer.from('['.repeat(mib)) },
    { kind: 'deep nesting', body: Buffer.from(nested(mib)) },
    { kind: 'deep nesting', path: '/api/v1/lineage/batch', body: Buffer.from(nested(mib)) },
    { kind: 'giant string', body: inFacet(JSON.stringify('x'.repeat(4 * mib))) },
    { kind: 'giant string', body: inFacet(JSON.stringify('://u:p@'.repeat(mib / 8))) },
    {
      kind: 'giant string',
      body: Buffer.from(JSON.stringify(aJobEvent({ job: { namespace: 'n', name: 'j'.repeat(2 * mib) } }))),
    },
    { kind: 'giant string', body: inFacet(JSON.stringify('\u0000\ud800'.repeat(mib / 8))) },
    { kind: 'giant key', body: inFacet(`{${JSON.stringify('k'.repeat(2 * mib))}:1}`) },
    {
      kind: 'many keys',
      body: inFacet(
        JSON.stringify(
          Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])),
        ),
      ),
    },
    { kind: 'long number', body: inFacet('9'.repeat(mib)) },
    { kind: '10,000 inputs', body: Buffer.from(JSON.stringify(aRunEvent({ inputs: datasets(10_000) }))) },
    {
      kind: '10,000 inputs',
      body: Buffer.from(JSON.stringify(aRunEvent({ inputs: datasets(10_000), outputs: datasets(3) }))),
    },
    {
      kind: '10,000 inputs',
      body: Buffer.from(
        JSON.stringify(
          aRunEvent({ outputs: datasets(10_000).map(({ namespace }) => ({ namespace, name: '/same' })) }),
        ),
      ),
    },
    {
      kind: 'many fields',
      body: Buffer.from(
        JSON.stringify(
          aDatasetEvent({
            dataset: {
              namespace: 'n',
              name: 'd',
              facets: {
                schema: aFacet({
                  fields: Array.from({ length: 20_000 }, (_, index) => ({ name: `f${index}` })),
                }),
              },
            },
          }),
        ),
      ),
    },
    { kind: 'gzip bomb', headers: gzip, body: gzipSync(Buffer.alloc(256 * mib, ' ')) },
    { kind: 'gzip bomb', headers: gzip, body: gzipSync(gzipSync(Buffer.alloc(64 * mib))) },
    {
      kind: 'gzip bomb',
      headers: gzip,
      body: Buffer.concat(Array.from({ length: 200 }, () => gzipSync(Buffer.alloc(mib)))),
    },
    {
      kind: 'gzip bomb',
      path: '/api/v1/lineage/batch',
      headers: gzip,
      body: gzipSync(`[${'{},'.repeat(2 * mib)}{}]`),
    },
    { kind: 'too large', body: Buffer.alloc(9 * mib, ' ') },
  ]
}
