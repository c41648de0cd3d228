import { createHash } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDamagedJars } from '../../../src/local/jar-list.ts'

describe('findDamagedJars', () => {
  const names = Array.from({ length: 20 }, (_, index) => `part-${index}.jar`)
  const jars = names.map((name) => ({ name, sha256: createHash('sha256').update(name).digest('hex') }))
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jars-'))
    await Promise.all(names.map((name) => writeFile(join(directory, name), name)))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('finds nothing wrong with whole files', async () => {
    expect(await findDamagedJars(directory, jars)).toEqual([])
  })

  it('finds the one cut short, the changed one and the missing one', async () => {
    await truncate(join(directory, 'part-3.jar'), 2)
    await writeFile(join(directory, 'part-5.jar'), 'part-X.jar')
    await rm(join(directory, 'part-7.jar'))

    expect(await findDamagedJars(directory, jars)).toEqual(['part-3.jar', 'part-5.jar', 'part-7.jar'])
  })

  it('finds all missing where there is no directory', async () => {
    expect(await findDamagedJars(join(directory, 'nowhere'), jars)).toHaveLength(names.length)
  })
})
