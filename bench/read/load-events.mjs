import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const eventsTogether = 500
const pauseMs = 500

/** Sends a file of events, one a line, and waits until the last of them is in the graph. */
export async function loadEvents({ file, base, key, ask }) {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  for (let start = 0; start < lines.length; start += eventsTogether) {
    const body = `[${lines.slice(start, start + eventsTogether).join(',')}]`
    const response = await fetch(new URL('/api/v1/lineage/batch', base), { method: 'POST', headers, body })
    const { summary } = await response.json()
    if (summary?.failed !== 0)
      throw new Error(`A batch was not taken whole: ${response.status} ${JSON.stringify(summary)}`)
  }
  const ids = lines.slice(-eventsTogether).map((line) => createHash('sha256').update(line).digest('hex'))
  for (const id of ids) {
    while ((await ask(`/api/v2/events/${id}`)).status !== 200)
      await new Promise((go) => setTimeout(go, pauseMs))
  }
}
