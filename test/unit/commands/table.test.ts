import { toTable } from '../../../src/commands/table.ts'

const rows = [
  { name: 'spark', events: 1234, share: null },
  { name: 'a very long name of a producer', events: 5, share: '50 %' },
]

describe('toTable', () => {
  it('aligns texts to the left, numbers to the right, and cuts what is too long', () => {
    const table = toTable(rows, [
      { title: 'producer', cell: ({ name }) => name, widthMax: 12 },
      { title: 'events', cell: ({ events }) => events },
      { title: 'share', cell: ({ share }) => share },
    ])

    expect(table).toBe(
      [
        'producer      events  share',
        '------------  ------  -----',
        'spark          1,234  -',
        'a very long…       5  50 %',
      ].join('\n'),
    )
  })

  it('keeps control characters away from the terminal', () => {
    const table = toTable([{ name: 'a\u001B[31m\nb\u009B' }], [{ title: 'name', cell: ({ name }) => name }])

    expect(table).toBe('name\n---------\na [31m b')
  })
})

const look = (width: number) => ({ width, paint: (style: string, text: string) => `<${style}>${text}</>` })

describe('a table on a terminal', () => {
  const columns = [
    { title: 'producer', cell: ({ name }: (typeof rows)[number]) => name },
    { title: 'events', cell: ({ events }: (typeof rows)[number]) => events },
  ]

  it('has its widest column narrowed until it fits', () => {
    const table = toTable(rows, columns, look(24))

    expect(table.split('\n')).toEqual([
      'producer          events',
      '----------------  ------',
      'spark              1,234',
      'a very long nam…       5',
    ])
  })

  it('leaves alone what people copy', () => {
    const [name, events] = columns
    const id = { title: 'id', cell: () => '0193-7c1e-7000-8000', isWhole: true } as const

    const table = toTable(rows, [id, ...(name && events ? [name, events] : [])], look(36))

    expect(table.split('\n').at(-1)).toBe('0193-7c1e-7000-8000  a very …       5')
  })

  it('is left as wide as it must be where it cannot fit', () => {
    expect(toTable(rows, columns, look(5)).split('\n').at(-1)).toBe('a very …       5')
  })

  it('has styles around cells, which count for no width', () => {
    const table = toTable(
      rows,
      [{ title: 'producer', cell: ({ name }) => name, style: () => 'bold' }],
      look(80),
    )

    expect(table.split('\n')[2]).toBe('<bold>spark</>')
  })
})
