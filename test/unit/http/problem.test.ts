import { Problem, problemCatalog } from '../../../src/http/problem.ts'

describe('a problem', () => {
  it('is compact JSON with the members of RFC 9457', () => {
    const problem = new Problem('route-unknown', { detail: 'There is no such path.' })

    expect(problem.toJson('/requests/1')).toBe(
      '{"type":"/problems/route-unknown","title":"There is nothing at this path","status":404,' +
        '"detail":"There is no such path.","instance":"/requests/1"}',
    )
  })

  it('points into the body where it knows what is wrong', () => {
    const errors = [{ pointer: '#/job', detail: 'is required' }]

    expect(JSON.parse(new Problem('event-invalid', { detail: 'No.', errors }).toJson('/'))).toMatchObject({
      errors,
    })
  })

  it('stays short, whatever it points to', () => {
    const errors = Array.from({ length: 1000 }, () => ({
      pointer: 'p'.repeat(10_000),
      detail: 'd'.repeat(10_000),
    }))

    const json = new Problem('event-invalid', { detail: 'No.', errors }).toJson('/')

    expect(json.length).toBeLessThan(5000)
    expect(JSON.parse(json).moreErrors).toBe(990)
  })

  it('keeps its cause and its words for a log', () => {
    const cause = new Error('why')

    const problem = new Problem('unexpected', { detail: 'What.', cause })

    expect(problem.cause).toBe(cause)
    expect(String(problem)).toBe('Problem: What.')
  })

  it.each(Object.entries(problemCatalog))('asks to send again only with 503: %s', (_name, entry) => {
    const headers: Record<string, string> = 'headers' in entry ? entry.headers : {}

    expect(headers['Retry-After']).toBe(entry.status === 503 ? '1' : undefined)
  })
})
