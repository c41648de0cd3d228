import { readFileSync } from 'node:fs'
import { createNameLinks, type NameLink } from '../../../src/identity/name-links.ts'
import { readRules } from '../../../src/identity/read-rules.ts'
import { defaultRules } from '../../../src/identity/rules.ts'
import { trimmerNames } from '../../../src/identity/trim-name.ts'

const page = readFileSync(new URL('../../../docs/identity.md', import.meta.url), 'utf8')
const [example = ''] = blocksOf('yaml')
const linesOfLinks = blocksOf('text').flatMap((block) => block.trim().split('\n'))

function blocksOf(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]+?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
}

function toText({ kind, from, to, source }: NameLink): string {
  return `${from.namespace} ${from.name} -${kind}-> ${to.namespace} ${to.name} (${source})`
}

describe('the page about identity rules', () => {
  it('has an example without a mistake, that keeps what holds by default', () => {
    const read = readRules(example)

    expect(read).not.toHaveProperty('mistakes')
    expect(read).toMatchObject({
      rules: {
        trailingSlash: { schemes: defaultRules.trailingSlash.schemes },
        partitions: defaultRules.partitions,
        hosts: [{}, {}],
        case: [{}],
        jobs: [{}, {}],
      },
    })
  })

  it.each(linesOfLinks)('tells what the example does: %s', (line) => {
    const read = readRules(example)
    const { ofDataset, ofJob } = createNameLinks('rules' in read ? read.rules : defaultRules)
    const { namespace = '', name = '' } = /^(?<namespace>\S+) (?<name>[^ :]+)/.exec(line)?.groups ?? {}

    const [link] = [...ofDataset({ namespace, name }), ...ofJob({ namespace, name })]

    expect(link === undefined ? `${namespace} ${name}: no link` : toText(link)).toBe(line)
  })

  it('names every trimmer and every scheme that has paths', () => {
    for (const name of [...trimmerNames, ...defaultRules.trailingSlash.schemes])
      expect(page).toContain(`\`${name}\``)
    expect(linesOfLinks.length).toBeGreaterThan(5)
  })
})
