import { estimateEvents } from '../../../src/queue/queue-depth.ts'

describe('estimateEvents', () => {
  it('counts a short line exactly', () => {
    const ids = ['3-a', '1-b', '10-c']

    expect(estimateEvents({ waiting: 3, first: ids, last: ids })).toBe(14)
  })

  it('counts a line exactly whose two ends overlap', () => {
    expect(estimateEvents({ waiting: 3, first: ['3-a', '1-b'], last: ['1-b', '10-c'] })).toBe(14)
  })

  it('counts a line exactly whose two ends just meet', () => {
    expect(estimateEvents({ waiting: 4, first: ['3-a', '1-b'], last: ['5-c', '10-d'] })).toBe(19)
  })

  it('takes the average of both ends for the middle of a long line', () => {
    expect(estimateEvents({ waiting: 100, first: ['10-a', '10-b'], last: ['20-c', '20-d'] })).toBe(1500)
  })

  it('takes a job of another name for one event', () => {
    expect(estimateEvents({ waiting: 1, first: ['x'], last: ['x'] })).toBe(1)
  })
})
