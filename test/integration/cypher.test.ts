import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { cypher } from '../../src/graph/cypher.ts'
import { answerSchemas } from '../../src/read/answer-schemas.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { eventually } from '../support/eventually.ts'
import { aRunEvent } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'

let collector: Collector
const limits = { rowsMax: 20_000, bytesMax: 2 * 1024 * 1024, msMax: 6000 }

beforeAll(async () => {
  collector = await startCollector({
    CYPHER_MS_MAX: String(limits.msMax),
    CYPHER_ROWS_MAX: String(limits.rowsMax),
    CYPHER_BYTES_MAX: String(limits.bytesMax),
    CYPHER_QUERIES_MAX: '2',
  })
  await wipeGraph(collector.graph)
  const event = aRunEvent({
    eventType: 'COMPLETE',
    inputs: [{ namespace: 'db', name: 'orders' }],
    outputs: [{ namespace: 'db', name: 'totals' }],
  })
  const { body } = await collector.post(JSON.stringify(event))
  await collector.merged([String(body['id'])])
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

const ask = (query: string, parameters?: Record<string, unknown>) =>
  collector.ask('POST', '/api/v2/cypher', JSON.stringify({ query, parameters }))

const askText = async (query: string, accept: string) => {
  const body = JSON.stringify({ query })
  const response = await fetch(`${collector.url}/api/v2/cypher`, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json' },
    body,
  })
  return { type: response.headers.get('content-type'), text: await response.text() }
}

const openQueries = cypher`
  SHOW TRANSACTIONS YIELD metaData, currentQuery
  WHERE metaData.headwater = 'cypher'
  RETURN currentQuery
`
const readOpenQueries = () => collector.graph.inRead((tx) => tx.run(openQueries))

describe('POST /api/v2/cypher', () => {
  it('answers what the graph has', async () => {
    const { status, body } = await ask(
      'MATCH (a:Dataset {name: $name})-[f:FEEDS]->(b) RETURN a.name AS source, b.name AS result, f.jobName AS job LIMIT $rows',
      { name: 'orders', rows: 10 },
    )

    expect([status, body]).toEqual([
      200,
      { columns: ['source', 'result', 'job'], rows: [['orders', 'totals', 'load']], truncated: false },
    ])
    const validate = new Ajv2020({ strict: false }).compile(answerSchemas['CypherRows'] ?? {})
    expect(validate(body)).toBe(true)
  })

  it('answers values of every type', async () => {
    const { body } = await ask(
      `
      MATCH p = (:Dataset {name: 'orders'})-[f:FEEDS]->(b)
      RETURN 1 AS one, 9007199254740993 AS big, 1.5 AS float, 0.0/0.0 AS nan, 1.0/0.0 AS infinite, true AS yes, null AS none,
        date('2026-11-22') AS date, datetime('2026-11-22T10:00:00.123456789Z') AS dateTime, duration('P1DT2H') AS duration,
        localtime('10:00') AS time, point({x: 1, y: 2}) AS point, [1, [2]] AS list, {a: {b: 1}} AS map,
        b {.name} AS part, f AS flow, p AS path, $n + 1 AS next, $list AS given
    `,
      { n: 41, list: [1, 2.5, 'x', null, true, { a: 1 }] },
    )

    const [row] = body['rows'] as unknown[][]
    const values = Object.fromEntries((body['columns'] as string[]).map((name, at) => [name, row?.[at]]))
    expect(values).toMatchObject({
      one: 1,
      big: '9007199254740993',
      float: 1.5,
      nan: 'NaN',
      infinite: 'Infinity',
      yes: true,
      none: null,
      date: '2026-11-22',
      dateTime: '2026-11-22T10:00:00.123456789Z',
      duration: 'P1DT2H',
      time: '10:00:00',
      point: { srid: 7203, x: 1, y: 2 },
      list: [1, [2]],
      map: { a: { b: 1 } },
      part: { name: 'totals' },
      flow: { type: 'FEEDS', properties: { jobName: 'load', current: true } },
      path: { nodes: [{ labels: ['Dataset'], properties: { name: 'orders' } }, { labels: ['Dataset'] }] },
      next: 42,
      given: [1, 2.5, 'x', null, true, { a: 1 }],
    })
  })

  it('answers CSV and lines of JSON', async () => {
    const query = `UNWIND [['a,"b"', 1], [null, [1, 2]]] AS r RETURN r[0] AS text, r[1] AS value`

    const csv = await askText(query, 'text/csv')
    const lines = await askText(query, 'application/x-ndjson')

    expect(csv.type).toContain('text/csv')
    expect(csv.text).toBe('text,value\r\n"a,""b""",1\r\n,"[1,2]"\r\n')
    expect(lines.text).toBe('{"text":"a,\\"b\\"","value":1}\n{"text":null,"value":[1,2]}\n')
  })

  it('answers no rows with columns', async () => {
    const { body } = await ask('MATCH (n:Nothing) RETURN n')

    expect(body).toEqual({ columns: ['n'], rows: [], truncated: false })
  })

  it.each([
    ['SHOW INDEXES YIELD name RETURN name'],
    ['CALL db.labels() YIELD label RETURN label'],
    ['MATCH (a:Dataset {name: "orders"})-[:FEEDS*1..20]->(b) RETURN DISTINCT b.name AS name'],
    [
      'MATCH p = SHORTEST 1 (a:Dataset {name: "orders"})-[:FEEDS]->+(b:Dataset {name: "totals"}) RETURN [n IN nodes(p) | n.name] AS n',
    ],
    ['UNWIND range(1, 3) AS i RETURN i'],
    ['MATCH (d:Dataset) RETURN collect(d.name) AS names'],
    [
      'MATCH (d:Dataset) RETURN d.name AS n, COLLECT { MATCH (d)-->(x) RETURN x.name } AS x, EXISTS { (d)-->() } AS b',
    ],
    [
      'MATCH p = (:Dataset)-[:FEEDS]->() WITH collect(p) AS ps RETURN [p IN ps | [n IN nodes(p) | n.name]] AS names',
    ],
    ['WITH [1, 2, 3] AS l RETURN reduce(s = 0, x IN l | s + x) AS s'],
    [String.raw`RETURN 'LOAD CSV FROM "x" CREATE range(1, 9)' AS text, "EXISTS {" AS other`],
  ])('lets through what only reads: %s', async (query) => {
    const { status, body } = await ask(query)

    expect({ status, detail: body['detail'] }).toEqual({ status: 200, detail: undefined })
    expect((body['rows'] as unknown[]).length).toBeGreaterThan(0)
  })

  it('says where a query is wrong, in the caller’s own columns', async () => {
    const { body } = await ask('RETURN nonsense')

    expect(body['detail']).toContain('nonsense')
    expect(body['detail']).toContain('(line 1, column 8)')
  })
})

describe('the limits of POST /api/v2/cypher', () => {
  it('end ten million rows at the row limit, with flat memory', async () => {
    await ask('UNWIND range(1, 10000000) AS i RETURN i')
    const before = process.memoryUsage().rss
    let highest = before
    const watch = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss)
    }, 20)

    const { status, body } = await ask('UNWIND range(1, 10000000) AS i RETURN i')

    clearInterval(watch)
    expect(status).toBe(200)
    expect((body['rows'] as unknown[]).length).toBe(limits.rowsMax)
    expect(body).toMatchObject({ truncated: true, truncatedBy: 'rows' })
    expect(highest - before).toBeLessThan(150 * 1024 * 1024)
  })

  it('end many bytes at the byte limit', async () => {
    const { body } = await ask('UNWIND range(1, 10000) AS i RETURN $text AS text', { text: 'x'.repeat(1000) })

    expect(body).toMatchObject({ truncated: true, truncatedBy: 'bytes' })
    expect(JSON.stringify(body).length).toBeLessThan(limits.bytesMax + 1000)
  })

  it('end one row of hundreds of megabytes', async () => {
    const { status, body } = await ask(
      'UNWIND range(1, 200000) AS i WITH collect($text) AS texts RETURN texts',
      { text: 'x'.repeat(2000) },
    )

    expect([status, body['type']]).toEqual([422, '/problems/cypher-too-costly'])
  })

  it('outlive a value that is nested too deep to be read', async () => {
    const list = Array.from({ length: 100_000 }, () => 0)

    const { status } = await ask('RETURN reduce(l = [], x IN $list | [l]) AS deep', { list })

    expect([200, 400, 422]).toContain(status)
    expect((await ask('RETURN 1 AS one')).status).toBe(200)
  })

  it('say in the answer that time was over, where rows have gone out already', async () => {
    const { status, body } = await ask(
      'UNWIND range(1, 100000000000) AS i WITH i WHERE i < 500 OR i < 0 RETURN i, $text AS text',
      { text: 'x'.repeat(100) },
    )

    expect([status, body['truncated'], body['truncatedBy']]).toEqual([200, true, 'time'])
    expect((body['rows'] as unknown[]).length).toBeGreaterThan(100)
  })

  it('let so many run at a time, and refuse the next one', async () => {
    const slow = 'UNWIND range(1, 100000000000) AS i RETURN count(i)'
    const running = [ask(slow), ask(slow)]
    await eventually(async () => (await readOpenQueries()).length === 2)

    const { status, body } = await ask('RETURN 1 AS one')

    expect([status, body['type']]).toEqual([503, '/problems/cypher-busy'])
    const ended = await Promise.all(running)
    expect(ended.map(({ body: { type } }) => type)).toEqual(Array(2).fill('/problems/cypher-too-costly'))
    expect((await ask('RETURN 1 AS one')).status).toBe(200)
  })

  it('end a query whose caller goes away', async () => {
    const body = JSON.stringify({ query: 'UNWIND range(1, 100000000000) AS i RETURN count(i)' })
    const call = request(`${collector.url}/api/v2/cypher`, { method: 'POST' })
    call.on('error', () => undefined)
    call.end(body)
    await eventually(async () => (await readOpenQueries()).length === 1)

    call.destroy()

    // Well before its time is over.
    const left = Date.now() + limits.msMax / 2
    while ((await readOpenQueries()).length > 0 && Date.now() < left) await pause(50)
    expect(await readOpenQueries()).toEqual([])
  })

  it('hold no more rows than the caller takes', async () => {
    const body = JSON.stringify({
      query: 'UNWIND range(1, 15000) AS i RETURN i, $text AS text',
      parameters: { text: 'x'.repeat(30) },
    })
    const call = request(`${collector.url}/api/v2/cypher`, {
      method: 'POST',
      headers: { accept: 'text/csv' },
    })
    const lines = await new Promise<number>((resolve, reject) => {
      call.on('error', reject)
      call.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          response.pause()
          setTimeout(() => response.resume(), 2)
        })
        response.on('end', () => resolve(text.split('\r\n').length))
      })
      call.end(body)
    })

    expect(lines).toBe(15_002)
  })
})
