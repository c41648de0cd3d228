import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findJava, toJavaMajor } from '../../../src/local/java.ts'

describe('toJavaMajor', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 8],
    ['openjdk version "21" 2023-09-19 LTS', 21],
    ['openjdk version "22-ea" 2024-03-19', 22],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "11.0.22" 2024-01-16', 11],
  ])('reads %j as %i', (answer, major) => {
    expect(toJavaMajor(answer)).toBe(major)
  })

  it('reads nothing from an answer without a version', () => {
    expect(toJavaMajor('Unable to locate a Java Runtime.')).toBeUndefined()
  })
})

describe('findJava', () => {
  let home: string

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'java-'))
    await mkdir(join(home, 'bin'))
  })
  afterEach(() => rm(home, { recursive: true }))

  async function installJava(version: string): Promise<void> {
    const path = join(home, 'bin', 'java')
    await writeFile(path, `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`)
    await chmod(path, 0o755)
  }

  it('prefers the Java that JAVA_HOME names', async () => {
    await installJava('21.0.1')

    const java = await findJava({ JAVA_HOME: home, PATH: '/usr/bin:/bin' })

    expect(java).toEqual({ path: join(home, 'bin', 'java'), major: 21 })
  })

  it('finds the Java on the PATH', async () => {
    await installJava('17.0.2')

    const java = await findJava({ PATH: `${join(home, 'nowhere')}:${join(home, 'bin')}` })

    expect(java).toEqual({ path: join(home, 'bin', 'java'), major: 17 })
  })

  it('says what to do where there is no Java', async () => {
    await expect(findJava({ PATH: join(home, 'bin') })).rejects.toThrow(
      /There is no Java.*Install a Java of at least 17/,
    )
  })

  it('says that JAVA_HOME is wrong', async () => {
    await expect(findJava({ JAVA_HOME: home, PATH: '/usr/bin' })).rejects.toThrow(
      /JAVA_HOME is .* no bin\/java in it/,
    )
  })

  it('says that a Java is too old', async () => {
    await installJava('11.0.22')

    await expect(findJava({ JAVA_HOME: home })).rejects.toThrow(
      /is Java 11, but Neo4j needs at least Java 17/,
    )
  })
})
