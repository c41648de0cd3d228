import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ours = fileURLToPath(new URL('../../../bench/generate/generate.mjs', import.meta.url))
/** The generator that ours is held to; it lies beside the project, and not everybody has it. */
const reference = fileURLToPath(new URL('../../../../shared/bench/gen.mjs', import.meta.url))
const isReferenceThere = existsSync(reference)

interface Manifest {
  events: number
  bytes: number
  sha256: string
  expect: Record<string, unknown>
  middle: unknown
}

let dir: string
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'headwater-generate-'))))
afterAll(() => rmSync(dir, { recursive: true }))

/** What a generator writes: the SHA-256 of the events, and the manifest. */
function generate(program: string, args: readonly string[]): { sha256: string; manifest: Manifest } {
  const out = join(dir, 'events.ndjson')
  execFileSync(process.execPath, [program, ...args, '--out', out])
  const manifest = JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8')) as Manifest
  return { sha256: createHash('sha256').update(readFileSync(out)).digest('hex'), manifest }
}

const parameterSets = [
  '--jobs 60 --runs-per-job 2 --seed 1',
  '--jobs 45 --runs-per-job 1 --seed 7 --first-run 3 --dag-events --cl-on-start --prefix other- --window 8 --dag-size 7',
  '--jobs 50 --layers 4 --sources 9 --runs-per-job 1 --seed abc --base 2025-05-05T00:00:00.000Z',
].map((line) => line.split(' '))

describe('the generator of the bench', () => {
  it('writes the same bytes from the same parameters, today as ever', () => {
    const { sha256, manifest } = generate(ours, ['--jobs', '60', '--runs-per-job', '2', '--seed', '1'])

    expect(sha256).toBe('0dfdb7d087a32286cdcf031d729cde0fde6510baad1a4601252d451de9c33525')
    expect(manifest.sha256).toBe(sha256)
  })

  it('leaves the middle out of the manifest of a warehouse that is too small for one', () => {
    const { manifest } = generate(ours, ['--jobs', '4', '--runs-per-job', '1'])

    expect(manifest.middle).toBeUndefined()
    expect(manifest.events).toBe(8)
  })
})

// Skipped, and told as skipped, where the reference is not there.
const describeWithReference = isReferenceThere ? describe : describe.skip
describeWithReference('the generator of the bench, held to shared/bench/gen.mjs', () => {
  it.each(parameterSets)('writes the same (%#)', (...args) => {
    const wanted = generate(reference, args)
    const found = generate(ours, args)

    expect(found.sha256).toBe(wanted.sha256)
    expect(found.manifest.expect).toEqual(wanted.manifest.expect)
    expect(found.manifest.middle).toEqual(wanted.manifest.middle)
  })
})
