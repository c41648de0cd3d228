import { endsOfChanges, toLinkChanges } from '../../../src/merge/link-changes.ts'
import {
  encodeLinks,
  type IdentityLink,
  type LinkOrigin,
  type LinkStatement,
  type StatedLinks,
} from '../../../src/project/identity-links.ts'

function link(from: string, to: string, said: Partial<IdentityLink> = {}): IdentityLink {
  return { kind: 'SAME_AS', from, to, source: 'SYMLINK', type: 'TABLE', ...said }
}

function statement(dataset: string, links: IdentityLink[], origin: LinkOrigin = 'SYMLINK'): LinkStatement {
  return { dataset, origin, links }
}

/** What stands on the nodes. */
function stored(links: Record<string, StatedLinks>) {
  return (dataset: string) => encodeLinks(links[dataset] ?? {}) ?? undefined
}

const nothing = stored({})
const aliasOfB = stored({ a: { SYMLINK: [link('a', 'b')] } })

function toEdges(edges: { from: string; to: string; type?: string | undefined }[]): string[] {
  return edges.map(({ from, to, type }) => `${from} ${to} ${type}`).toSorted()
}

describe('the changes that statements of links make', () => {
  it('are two relationships for another name, and the fields follow', () => {
    const changes = toLinkChanges([statement('a', [link('a', 'b')])], nothing)

    expect(toEdges(changes.written)).toEqual(['a b TABLE', 'b a TABLE'])
    expect(new Set(changes.written.map(({ key }) => key)).size).toBe(2)
    expect(changes).toMatchObject({ gone: [], joined: [{ a: 'a', b: 'b' }], parted: [] })
    expect(changes.stated).toEqual([{ dataset: 'a', statedLinks: aliasOfB('a') }])
  })

  it('are none where the same is said again', () => {
    expect(toLinkChanges([statement('a', [link('a', 'b')])], aliasOfB)).toEqual({
      stated: [],
      written: [],
      gone: [],
      joined: [],
      parted: [],
    })
    expect(endsOfChanges([statement('a', [link('a', 'b')])], aliasOfB)).toEqual([])
  })

  it('take back what the newest statement lacks', () => {
    const changes = toLinkChanges([statement('a', [link('a', 'c')])], aliasOfB)

    expect(toEdges(changes.written)).toEqual(['a c TABLE', 'c a TABLE'])
    expect(toEdges(changes.gone)).toEqual(['a b TABLE', 'b a TABLE'])
    expect(changes).toMatchObject({ joined: [{ a: 'a', b: 'c' }], parted: [{ a: 'a', b: 'b' }] })
    expect(endsOfChanges([statement('a', [link('a', 'c')])], aliasOfB)).toEqual(['c', 'b'])
  })

  it('leave what the other side states too, with the type that it states', () => {
    const both = stored({
      a: { SYMLINK: [link('a', 'b', { type: 'TABLE' })] },
      b: { SYMLINK: [link('b', 'a', { type: 'LOCATION' })] },
    })

    const changes = toLinkChanges([statement('a', [])], both)

    expect(toEdges(changes.written)).toEqual(['a b LOCATION'])
    expect(changes).toMatchObject({ gone: [], joined: [], parted: [] })
    expect(changes.stated).toEqual([{ dataset: 'a', statedLinks: null }])
  })

  it('show on each direction the type that its own tail states', () => {
    const changes = toLinkChanges(
      [
        statement('a', [link('a', 'b', { type: 'TABLE' })]),
        statement('b', [link('b', 'a', { type: 'LOCATION' })]),
      ],
      nothing,
    )

    expect(toEdges(changes.written)).toEqual(['a b TABLE', 'b a LOCATION'])
    expect(changes.joined).toHaveLength(1)
  })

  it('keep the links of each source apart, and the fields together while one of them stands', () => {
    const catalog = link('a', 'b', { source: 'CATALOG' })
    const twice = stored({ a: { SYMLINK: [link('a', 'b')], CATALOG: [catalog] } })

    const changes = toLinkChanges([statement('a', [])], twice)

    expect(changes.gone.map(({ source }) => source)).toEqual(['SYMLINK', 'SYMLINK'])
    expect(changes).toMatchObject({ written: [], joined: [], parted: [] })
  })

  it('are one way for a part, whose whole is not asked for what it states', () => {
    const part = link('a', 'hub', { kind: 'PART_OF', source: 'partition', type: undefined })
    const made = toLinkChanges([statement('a', [part], 'RULES')], nothing)
    const known = stored({ a: { RULES: [part] } })

    expect(toEdges(made.written)).toEqual(['a hub undefined'])
    expect(made.joined).toEqual([])
    expect(endsOfChanges([statement('a', [part], 'RULES')], nothing)).toEqual(['hub'])
    expect(toEdges(toLinkChanges([statement('a', [], 'RULES')], known).gone)).toEqual(['a hub undefined'])
    expect(endsOfChanges([statement('a', [], 'RULES')], known)).toEqual([])
  })

  it('do not join the fields of what a rule takes for one', () => {
    const alias = link('a', 'b', { source: 'trailing slash', type: undefined })

    const changes = toLinkChanges([statement('a', [alias], 'RULES')], nothing)

    expect(changes.written).toHaveLength(2)
    expect(changes.joined).toEqual([])
  })

  it('do not depend on the order of the statements', () => {
    const [one, two] = [
      statement('a', [link('a', 'b')]),
      statement('b', [link('b', 'a', { type: 'LOCATION' })]),
    ]

    const [forth, back] = [toLinkChanges([one, two], aliasOfB), toLinkChanges([two, one], aliasOfB)]

    expect(toEdges(forth.written)).toEqual(toEdges(back.written))
    expect(forth.stated.length).toBe(back.stated.length)
  })
})
