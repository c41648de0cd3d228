import { withDeadline } from '../../../src/http/deadline.ts'

const endless = new Promise(() => undefined)
const late = () => new Error('late')

describe('withDeadline', () => {
  it('gives what the work gives in time', async () => {
    expect(await withDeadline(Promise.resolve(7), { ms: 50, late })).toBe(7)
  })

  it('lets the work’s own failure through', async () => {
    await expect(withDeadline(Promise.reject(new Error('own')), { ms: 50, late })).rejects.toThrow('own')
  })

  it('gives up when the time is over', async () => {
    await expect(withDeadline(endless, { ms: 20, late })).rejects.toThrow('late')
  })

  it('gives up at once when the time is over already', async () => {
    await expect(withDeadline(endless, { ms: -5, late })).rejects.toThrow('late')
  })
})
