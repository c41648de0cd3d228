// npm run sbom [-- FILE]: what the product is made of, as CycloneDX: every production dependency of the lock file, with licence and hash.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

await import('./require-node.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const bytesMax = 64 * 1024 * 1024
const [path = 'sbom.cdx.json'] = process.argv.slice(2)

// From the lock file alone: it needs neither a network nor anything that is installed.
const args = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']
const options = { cwd: root, maxBuffer: bytesMax, encoding: 'utf8', shell: process.platform === 'win32' }
const sbom = JSON.parse(execFileSync('npm', args, options))
// npm names it after the folder that it lies in.
sbom.metadata.component.name = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).name
keepProduction(sbom)
writeFileSync(path, `${JSON.stringify(sbom, null, 2)}\n`)
console.log(`${sbom.components.length} components are in ${path}.`)

/** By npm's own --omit=dev what both the product and a tool depend on would be left out, ajv among them. */
function keepProduction({ components, dependencies }) {
  const dropped = new Set(components.filter(isDevelopment).map((component) => component['bom-ref']))
  const isKept = (ref) => !dropped.has(ref)
  sbom.components = components.filter((component) => isKept(component['bom-ref']))
  sbom.dependencies = dependencies
    .filter(({ ref }) => isKept(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isKept) }))
}

function isDevelopment({ properties }) {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true')
}
