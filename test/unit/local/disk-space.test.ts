import { tmpdir } from 'node:os'
import { requireDiskSpace, toDiskFullError } from '../../../src/local/disk-space.ts'

describe('requireDiskSpace', () => {
  it('is content where there is enough', async () => {
    await expect(requireDiskSpace(tmpdir(), 1)).resolves.toBeUndefined()
  })

  it('says how much is missing, and what to do', async () => {
    await expect(requireDiskSpace(tmpdir(), 2 ** 60)).rejects.toThrow(
      /^The disk is full: \d+ MiB are free at .*, and 1099511627776 MiB are needed\. Make room, or set DATA_DIR/,
    )
  })
})

describe('toDiskFullError', () => {
  it('puts a full disk into a sentence', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

    expect(toDiskFullError(error)?.message).toMatch(/^The disk is full\. Make room/)
  })

  it('leaves other errors alone', () => {
    expect(toDiskFullError(new Error('ENOSPC in words only'))).toBeUndefined()
  })
})
