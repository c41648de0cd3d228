#!/usr/bin/env node
// Asks a running collector each question of questions.mjs, one after the other on one connection, and tells p50 and p95.
//   npm run bench:read -- --base http://127.0.0.1:5000 --manifest events.ndjson.manifest.json [--load events.ndjson] [--times 40]
// The manifest is what the generator of events writes beside them; --node <id> and --field <id> do as well. With --load the events are sent
// first, and waited for. A key that may read (and send) is taken from HEADWATER_API_KEY.
import http from 'node:http'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { toQuantiles } from '../measure/summary.mjs'
import { loadEvents } from './load-events.mjs'
import { questions } from './questions.mjs'

const { values: said } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:5000' },
    manifest: { type: 'string' },
    node: { type: 'string' },
    field: { type: 'string' },
    load: { type: 'string' },
    times: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
})

/** So often is each question asked before its times count: a JVM just started takes ten times as long for the first answers. */
const warmings = 20
const key = process.env.HEADWATER_API_KEY
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

/** Answers with the time until the last byte. */
function ask(path) {
  const headers = { accept: 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const request = http.get(new URL(path, said.base), { agent, headers }, (response) => {
      const parts = []
      response.on('data', (part) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        resolve({
          ms: performance.now() - began,
          status: response.statusCode,
          body: Buffer.concat(parts).toString(),
        })
      })
    })
    request.on('error', reject)
  })
}

function readPlaces() {
  const middle = said.manifest ? JSON.parse(readFileSync(said.manifest, 'utf8')).middle : {}
  const node = said.node ?? middle.nodeId
  if (node === undefined)
    throw new Error('Name a manifest or a node: --manifest <file>, or --node dataset:<namespace>:<name>.')
  const field = said.field ?? `${node.replace(/^dataset:/, 'field:')}:${middle.field}`
  const word = node.split(':').at(-1).split(/[._]/).at(-2)
  return Object.entries({ node, field, word }).map(([name, value]) => [
    `{${name}}`,
    encodeURIComponent(value),
  ])
}

function sizeOf(body) {
  try {
    const { nodes, edges, impacted, jobs, results } = JSON.parse(body)
    return nodes
      ? `${nodes.length} nodes, ${edges.length} edges`
      : `${(impacted ?? jobs ?? results ?? []).length} entries`
  } catch {
    return ''
  }
}

async function measure({ name, path, p50Ms }, places) {
  const filled = places.reduce((text, [place, value]) => text.replaceAll(place, value), path)
  let last
  for (let i = 0; i < warmings; i += 1) last = await ask(filled)
  if (last.status !== 200) return { name, status: last.status, answer: last.body.slice(0, 100) }
  const times = []
  for (let i = 0; i < Number(said.times); i += 1) times.push((await ask(filled)).ms)
  const { p50, p95 } = toQuantiles(times.map((ms) => Number(ms.toFixed(1))))
  return {
    name,
    p50,
    p95,
    target: p50Ms,
    isMet: p50 <= p50Ms,
    size: sizeOf(last.body),
  }
}

if (said.load) await loadEvents({ file: said.load, base: said.base, key, ask })
const places = readPlaces()
const asked = questions.filter(({ name }) => name.includes(said.only))
const rows = []
for (const question of asked) rows.push(await measure(question, places))
console.table(rows)
agent.destroy()
