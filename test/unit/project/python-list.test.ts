import { readStringList } from '../../../src/project/python-list.ts'

describe('readStringList', () => {
  it('reads a JSON array', () => {
    expect(readStringList(['a', 'b', 3])).toEqual(['a', 'b'])
  })

  it('reads a string that holds a Python list', () => {
    expect(readStringList("['fetch_data_task', \"it's\", 'it\\'s']")).toEqual([
      'fetch_data_task',
      "it's",
      "it's",
    ])
  })

  it('takes anything else for an empty list', () => {
    expect(readStringList('[]')).toEqual([])
    expect(readStringList("{'a': 1}")).toEqual([])
    expect(readStringList(undefined)).toEqual([])
    expect(readStringList({ length: 2 })).toEqual([])
  })
})
