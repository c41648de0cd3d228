#!/usr/bin/env node
// Writes the events of a warehouse, one a line, and beside them <out>.manifest.json: what a correct collector holds afterwards.
//   node bench/generate/generate.mjs --jobs 1000 --runs-per-job 2 --seed 1 --out events.ndjson
// The same parameters give the same bytes. Further: --first-run --layers --sources --window --dag-size --dag-events --cl-on-start --base
// --prefix, with the defaults of parameters.mjs.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { toManifest } from './manifest.mjs'
import { defaultParameters, toParameters } from './parameters.mjs'
import { createWarehouse } from './warehouse.mjs'
import { warehouseTexts } from './warehouse-events.mjs'
import { writeEvents } from './write-events.mjs'

const numbers = new Set(['jobs', 'runsPerJob', 'firstRun', 'layers', 'sources', 'window', 'dagSize'])
const toFlag = (name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const { values: said } = parseArgs({
  options: {
    out: { type: 'string', default: 'events.ndjson' },
    ...Object.fromEntries(
      Object.entries(defaultParameters).map(([name, value]) => [
        toFlag(name),
        { type: typeof value === 'boolean' ? 'boolean' : 'string' },
      ]),
    ),
  },
})

const parameters = Object.keys(defaultParameters).flatMap((name) => {
  const value = said[toFlag(name)]
  return value === undefined ? [] : [[name, numbers.has(name) ? Number(value) : value]]
})
const world = createWarehouse(toParameters(Object.fromEntries(parameters)))
const manifest = toManifest(world, writeEvents(said.out, warehouseTexts(world)))
writeFileSync(`${said.out}.manifest.json`, `${JSON.stringify(manifest, undefined, 1)}\n`)
const { events, bytes, sha256 } = manifest
console.log(JSON.stringify({ out: said.out, events, bytes, sha256 }))
