import { toContent } from '../../../../src/read/history/held-content.ts'

/** `APPEND` versions and others, the newest first. */
const versions = (...changes: string[]) =>
  changes.map((change, index) => ({
    key: `${index}`,
    dataset: { namespace: 'db', name: 't' },
    version: `${index}`,
    writtenAt: '',
    change,
    assumed: false,
    rowCount: undefined,
    run: undefined,
  }))

const changesOf = (content: ReturnType<typeof toContent>) => content.versions.map(({ change }) => change)

describe('what a dataset held', () => {
  it.each(['CREATE', 'OVERWRITE', 'TRUNCATE', 'RENAME'])('goes down to the last %s', (base) => {
    const content = toContent(versions('APPEND', 'ALTER', base, 'APPEND'), 10)

    expect(changesOf(content)).toEqual(['APPEND', 'ALTER', base])
    expect(content.isCut).toBe(false)
  })

  it('has nothing from before it was dropped', () => {
    expect(changesOf(toContent(versions('APPEND', 'DROP', 'OVERWRITE'), 10))).toEqual(['APPEND'])
    expect(changesOf(toContent(versions('DROP', 'OVERWRITE'), 10))).toEqual([])
  })

  it('says when there is more than may be shown', () => {
    expect(toContent(versions('APPEND', 'APPEND', 'APPEND'), 2)).toMatchObject({ isCut: true })
    expect(toContent(versions('APPEND', 'OVERWRITE', 'APPEND'), 2)).toMatchObject({ isCut: false })
  })
})
