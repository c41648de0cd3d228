import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { toRecords, type InputRecord, type InputTrouble } from '../../../src/log/input-records.ts'
import { readInput } from '../../../src/log/input-stream.ts'

type Found = InputRecord | InputTrouble

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function collect(records: AsyncIterable<Found>): Promise<Found[]> {
  const found: Found[] = []
  for await (const record of records) found.push(record)
  return found
}

/** The records of a text; the same in chunks of every size. */
async function recordsOf(text: string | Buffer): Promise<Found[]> {
  const bytes = Buffer.from(text)
  const whole = await collect(toRecords(inChunks(bytes, bytes.length + 1)))
  for (const size of [1, 2, 7]) expect(await collect(toRecords(inChunks(bytes, size)))).toEqual(whole)
  return whole
}

describe('toRecords', () => {
  it('takes each line of JSON lines for a record, byte for byte', async () => {
    expect(await recordsOf('{"a": 1} \n\n{"b":"ü"}\r\n{"c":3}')).toEqual([
      { line: 1, text: '{"a": 1} ' },
      { line: 3, text: '{"b":"ü"}' },
      { line: 4, text: '{"c":3}' },
    ])
  })

  it('goes on behind a line that is broken', async () => {
    expect(await recordsOf('{"a": \n{"b":2}\nnonsense\n{"c":3}\n')).toEqual([
      { line: 1, text: '{"a": ' },
      { line: 2, text: '{"b":2}' },
      { line: 3, text: 'nonsense' },
      { line: 4, text: '{"c":3}' },
    ])
  })

  it('takes a document over several lines for one record', async () => {
    const document = '{\n  "a": "} {",\n  "b": [\n    1\n  ]\n}'

    expect(await recordsOf(`\n${document}\n`)).toEqual([{ line: 2, text: document }])
  })

  it('tells documents apart that follow one another', async () => {
    expect(await recordsOf('{\n"a": 1\n}\n{\n"b": "\\""\n}{"c":3}')).toEqual([
      { line: 1, text: '{\n"a": 1\n}' },
      { line: 4, text: '{\n"b": "\\""\n}' },
      { line: 6, text: '{"c":3}' },
    ])
  })

  it('takes the elements of an array one by one', async () => {
    expect(await recordsOf('[\n  {"a": [1]},\n  {"b": 2}, 3, "x,]"\n]\n')).toEqual([
      { line: 2, text: '{"a": [1]}' },
      { line: 3, text: '{"b": 2}' },
      { line: 3, text: '3' },
      { line: 3, text: '"x,]"' },
    ])
  })

  it('says where a document begins that does not end', async () => {
    expect(await recordsOf('[\n{"a": 1},\n{"b": [\n{"c": 3}\n')).toEqual([
      { line: 2, text: '{"a": 1}' },
      { line: 3, trouble: 'does not end: a bracket is open' },
    ])
  })

  it('names what is not UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":1}\n{"b":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"c":3}'),
    ])

    expect(await recordsOf(bytes)).toEqual([
      { line: 1, text: '{"a":1}' },
      { line: 2, trouble: 'is not UTF-8' },
      { line: 3, text: '{"c":3}' },
    ])
  })

  it('finds nothing in an empty input', async () => {
    expect(await recordsOf('')).toEqual([])
    expect(await recordsOf('\n \n')).toEqual([])
  })

  it('takes one long line for a line, though its end is not in sight', async () => {
    const long = JSON.stringify({ a: 'x'.repeat(3_000_000) })
    const bytes = Buffer.from(`${long}\n{"b":2}\n`)

    expect(await collect(toRecords(inChunks(bytes, 65_536)))).toEqual([
      { line: 1, text: long },
      { line: 2, text: '{"b":2}' },
    ])
  })
})

describe('readInput', () => {
  let dir: string
  beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'headwater-input-'))))
  afterAll(async () => await rm(dir, { recursive: true }))

  async function readFile(bytes: Buffer): Promise<{ records: Found[]; read: number; damage: string }> {
    const path = join(dir, 'input')
    await writeFile(path, bytes)
    let [read, damage] = [0, '']
    const onRead = (count: number) => (read = count)
    const onDamage = (reason: string) => (damage = reason)
    const records = await collect(toRecords(readInput({ path, onRead, onDamage })))
    return { records, read, damage }
  }

  it('inflates gzip whatever the name, also of several streams', async () => {
    const bytes = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"b":2}\n')])

    expect(await readFile(bytes)).toEqual({
      records: [
        { line: 1, text: '{"a":1}' },
        { line: 2, text: '{"b":2}' },
      ],
      read: bytes.length,
      damage: '',
    })
  })

  it('leaves out a byte order mark', async () => {
    expect((await readFile(Buffer.from('\uFEFF{"a":1}'))).records).toEqual([{ line: 1, text: '{"a":1}' }])
    expect((await readFile(gzipSync('\uFEFF{"a":1}'))).records).toEqual([{ line: 1, text: '{"a":1}' }])
  })

  it('reads a damaged gzip stream as far as it goes, and says so', async () => {
    const lines = Array.from({ length: 50_000 }, (_, number) =>
      JSON.stringify({ number, x: Math.sqrt(number) }),
    )
    const { records, damage } = await readFile(gzipSync(lines.join('\n')).subarray(0, -2000))

    expect(records.length).toBeGreaterThan(45_000)
    expect(records.length).toBeLessThan(50_000)
    expect(damage).toBe('the gzip stream is damaged: unexpected end of file')
  })
})
