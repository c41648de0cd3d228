import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const folder = 'node_modules/'

interface Sbom {
  bomFormat: string
  metadata: { component: { name: string; version: string } }
  components: { 'bom-ref': string; purl: string; name: string; scope: string; licenses?: object[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

interface Lock {
  packages: Record<string, { version: string; dev?: boolean; license?: string }>
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'))
}

describe('npm run sbom', () => {
  const dir = mkdtempSync(join(tmpdir(), 'headwater-sbom-'))
  const path = join(dir, 'sbom.json')
  let sbom: Sbom

  beforeAll(() => {
    execFileSync(process.execPath, [join(root, 'scripts', 'sbom.mjs'), path], { stdio: 'pipe' })
    sbom = read(path) as Sbom
  })

  afterAll(() => rmSync(dir, { recursive: true }))

  it('lists every production dependency of the lock file, and nothing else', () => {
    const { packages } = read(join(root, 'package-lock.json')) as Lock
    const expected = Object.entries(packages)
      .filter(([place, { dev }]) => place !== '' && dev !== true)
      .map(([place, { version }]) => `${place.slice(place.lastIndexOf(folder) + folder.length)}@${version}`)

    const found = sbom.components.map((component) => component['bom-ref'])

    expect(found.toSorted()).toEqual([...new Set(expected)].toSorted())
  })

  it('lists those of package.json', () => {
    const { name, dependencies } = read(join(root, 'package.json')) as {
      name: string
      dependencies: Record<string, string>
    }
    const names = new Set(sbom.components.map((component) => component.name))

    expect(sbom.bomFormat).toBe('CycloneDX')
    expect(sbom.metadata.component.name).toBe(name)
    expect(Object.keys(dependencies).filter((dependency) => !names.has(dependency))).toEqual([])
  })

  it('leads from each to what it depends on, and to nothing that is not listed', () => {
    const refs = new Set([`headwater@${sbom.metadata.component.version}`])
    for (const component of sbom.components) refs.add(component['bom-ref'])

    const strange = sbom.dependencies.flatMap(({ ref, dependsOn }) =>
      [ref, ...dependsOn].filter((one) => !refs.has(one)),
    )

    expect(strange).toEqual([])
    expect(sbom.dependencies).toHaveLength(refs.size)
  })

  it('names no folder and no registry of who made it', () => {
    expect(readFileSync(path, 'utf8').match(/https?:\/\/[^/"]+/g)).toEqual(['http://cyclonedx.org'])
  })
})
