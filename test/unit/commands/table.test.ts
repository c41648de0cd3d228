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
