import { readFile } from 'node:fs/promises'
import { deployDirectory, readJarList, toJarList } from '../../../src/local/jar-list.ts'
import { toArrivedJar, toMavenFault } from '../../../src/local/maven.ts'
import { neo4jVersion } from '../../../src/local/neo4j-jars.ts'

const repository = 'https://repository.example.com/maven2'

describe('toMavenFault', () => {
  it('takes the first error, without addresses and without the goal', () => {
    const lines = [
      '[INFO] Scanning for projects...',
      `[ERROR] Failed to execute goal on project headwater-local: Could not resolve dependencies: Could not transfer artifact org.neo4j:neo4j:pom:5 from/to central (${repository}): transfer failed for ${repository}/neo4j.pom: Connection refused -> [Help 1]`,
      '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.',
    ]

    const fault = toMavenFault(lines)

    expect(fault).toBe(
      'Could not resolve dependencies: Could not transfer artifact org.neo4j:neo4j:pom:5 from/to the repository: transfer failed for (address) Connection refused',
    )
  })

  it('says that a disk is full', () => {
    const lines = [
      '[ERROR] Failed to execute goal a:b:1:copy (x) on project y: No space left on device -> [Help 1]',
    ]

    expect(toMavenFault(lines)).toMatch(/^the disk is full/)
  })

  it('takes the last line where nothing is marked as an error', () => {
    expect(
      toMavenFault(['first', 'The JAVA_HOME environment variable is not defined correctly', '']),
    ).toMatch(/^The JAVA_HOME/)
  })

  it('has something to say of silence', () => {
    expect(toMavenFault([])).toBe('nothing said.')
  })
})

describe('toArrivedJar', () => {
  it('names the jar of a finished download', () => {
    const line = `[INFO] Downloaded from central: ${repository}/org/neo4j/neo4j/5.26.30/neo4j-5.26.30.jar (41 kB at 473 kB/s)`

    expect(toArrivedJar(line)).toBe('neo4j-5.26.30.jar')
  })

  it.each([
    `[INFO] Downloading from central: ${repository}/neo4j-5.26.30.jar`,
    `[INFO] Downloaded from central: ${repository}/neo4j-5.26.30.pom (4 kB at 47 kB/s)`,
  ])('passes over %s', (line) => {
    expect(toArrivedJar(line)).toBeUndefined()
  })
})

describe('the list of jars', () => {
  it('is of the version that pom.xml and the program name', async () => {
    const pom = await readFile(new URL('pom.xml', deployDirectory), 'utf8')
    const jars = await readJarList()

    expect(pom).toContain(`<neo4j.version>${neo4jVersion}</neo4j.version>`)
    for (const name of ['neo4j', 'neo4j-server', 'cypher-shell']) {
      expect(jars.map((jar) => jar.name)).toContain(`${name}-${neo4jVersion}.jar`)
    }
    expect(jars.map((jar) => jar.name)).toContain('neo4j-browser-5.24.0.jar')
  })

  it('has a sum for every file', async () => {
    const text = await readFile(new URL('neo4j-jars.sha256', deployDirectory), 'utf8')

    expect(toJarList(text)).toHaveLength(text.trim().split('\n').length)
  })
})
