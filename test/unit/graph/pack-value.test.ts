import fc from 'fast-check'
import neo4j from 'neo4j-driver'
import { packstream, type ChannelBuffer } from '../../../src/graph/bolt-package.ts'
import { packValue } from '../../../src/graph/pack-value.ts'
import { toDateTime } from '../../../src/graph/values.ts'

describe('packing a value for Neo4j', () => {
  it('makes the very bytes that the driver makes', () => {
    fc.assert(
      fc.property(values(), (value) => {
        expect(packValue(value)).toEqual(packByDriver(value))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['an empty text', ''],
    ['a text of more than 255 bytes', 'é'.repeat(200)],
    ['a text of more than 65,535 bytes', 'x'.repeat(70_000)],
    ['half a surrogate pair', 'a\ud800b'],
    ['a short text that is no ASCII', 'straße'],
    ['a list of more than 255', Array.from({ length: 300 }, (_, index) => index)],
    ['a list of more than 65,535', Array.from({ length: 66_000 }, () => true)],
    [
      'a map of more than 15',
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, index])),
    ],
    ['members that are undefined', { a: undefined, b: null }],
    ['gaps in a list', [undefined, 1]],
    ['a time', toDateTime('2026-11-22T17:13:25.992348000Z')],
    ['a time before 1970', toDateTime('1890-01-01T00:00:00.000000000Z')],
    ['bytes', new Int8Array([0, -1, 127, -128])],
    ['more than 65,535 bytes', new Int8Array(70_000).fill(-7)],
    ['part of a buffer', new Int8Array(Buffer.from('abcdef').buffer, 2, 3)],
  ])('packs %s as the driver does', (_, value) => {
    expect(packValue(value)).toEqual(packByDriver(value))
  })

  it.each([
    -0x80000001, -0x80000000, -0x8001, -0x8000, -0x81, -0x80, -0x11, -0x10, 0, 127, 128, 32767, 32768,
    2147483647, 2147483648,
  ])('packs the integer %d in as few bytes', (value) => {
    expect(packValue(neo4j.int(value))).toEqual(packByDriver(neo4j.int(value)))
  })

  it('leaves to the driver what it alone knows', () => {
    expect(packValue([new neo4j.types.Date(neo4j.int(2026), neo4j.int(1), neo4j.int(1))])).toBeUndefined()
    expect(packValue({ rows: new Set([1]) })).toBeUndefined()
  })

  it('keeps what it gave apart from what it packs next', () => {
    const first = packValue(['first'])
    packValue(['second', 'longer than the first'])
    expect(first).toEqual(packByDriver(['first']))
  })
})

function values(): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ maxLength: 400 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => neo4j.int(value)),
    fc.int8Array({ maxLength: 300 }),
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 20 }),
      fc.dictionary(fc.string(), tie('tree')),
    ),
  }))
  return tree
}

/** What the driver's own packer writes, in one piece. */
function packByDriver(value: unknown): Buffer {
  const written: number[] = []
  const out = {
    writeUInt8: (byte: number) => written.push(byte & 0xff),
    writeInt8: (byte: number) => written.push(byte & 0xff),
    writeInt16: (number: number) => written.push((number >> 8) & 0xff, number & 0xff),
    writeInt32: (number: number) =>
      written.push((number >> 24) & 0xff, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff),
    writeFloat64: (number: number) => {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(number)
      written.push(...bytes)
    },
    writeBytes: (bytes: ChannelBuffer & { readUInt8?: () => number }) => {
      for (let left = bytes.length; left > 0; left -= 1) written.push(bytes.readUInt8?.() ?? NaN)
    },
  }
  new packstream.v1.Packer(out).packable(value)()
  return Buffer.from(written)
}
