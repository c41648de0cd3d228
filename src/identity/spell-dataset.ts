import type { EntityName } from '../openlineage/keys.ts'
import type { IdentityRules, LetterCase } from './rules.ts'
import { withoutEndSlashes } from './trim-name.ts'

/** A name as the rules spell it, and which of them changed it. */
export interface Spelling {
  name: EntityName
  by: string[]
}

/** Says how the rules spell a dataset's name: the host first, then the case of letters, then slashes at the end. */
export function createSpeller(rules: IdentityRules): (dataset: EntityName) => Spelling {
  const toHost = createHosts(rules)
  const cases = new Map(rules.case.map((rule) => [rule.scheme, rule]))
  const slashed = new Set(rules.trailingSlash.schemes)
  return (dataset) => {
    const hosted = { ...dataset, namespace: toHost(dataset.namespace) }
    const scheme = schemeOf(hosted.namespace)
    const { namespaces = 'keep', names = 'keep' } = cases.get(scheme) ?? {}
    const cased = { namespace: toCase(hosted.namespace, namespaces), name: toCase(hosted.name, names) }
    const name = slashed.has(scheme) ? { ...cased, name: withoutEndSlashes(cased.name) } : cased
    const steps = [
      { rule: 'hosts', isChanged: hosted.namespace !== dataset.namespace },
      { rule: 'case', isChanged: cased.namespace !== hosted.namespace || cased.name !== hosted.name },
      { rule: 'trailingSlash', isChanged: name.name !== cased.name },
    ]
    return { name, by: steps.filter(({ isChanged }) => isChanged).map(({ rule }) => rule) }
  }
}

/** `s3` of `s3://bucket`, `file` of `file`. */
export function schemeOf(namespace: string): string {
  return namespace.split(':', 1)[0]?.toLowerCase() ?? ''
}

function toCase(text: string, letterCase: LetterCase): string {
  if (letterCase === 'keep') return text
  return letterCase === 'lower' ? text.toLowerCase() : text.toUpperCase()
}

const namespacePattern = /^(?<start>[^:/]+:\/\/(?:[^/]*@)?)(?<authority>[^/@]+)(?<rest>\/.*)?$/s

/** Takes the host of a namespace for the one that it is an alias of. */
function createHosts({ hosts }: IdentityRules): (namespace: string) => string {
  const byAlias = new Map<string, { host: string; schemes: string[] | undefined }[]>()
  for (const { host, aliases, schemes } of hosts) {
    for (const alias of aliases) {
      const key = alias.toLowerCase()
      byAlias.set(key, [...(byAlias.get(key) ?? []), { host, schemes }])
    }
  }
  if (byAlias.size === 0) return (namespace) => namespace
  return (namespace) => {
    const { start = '', authority = '', rest = '' } = namespacePattern.exec(namespace)?.groups ?? {}
    const scheme = schemeOf(namespace)
    const find = (alias: string) =>
      byAlias
        .get(alias.toLowerCase())
        ?.find(({ schemes }) => schemes === undefined || schemes.includes(scheme))?.host
    const exact = find(authority)
    if (exact !== undefined) return `${start}${exact}${rest}`
    const { name, port } = splitAuthority(authority)
    const host = port === '' ? undefined : find(name)
    return host === undefined || splitAuthority(host).port !== ''
      ? namespace
      : `${start}${host}${port}${rest}`
  }
}

/** `:5432` of `warehouse:5432`; of several hosts together none. */
export function splitAuthority(authority: string): { name: string; port: string } {
  const { name = authority, port = '' } =
    /^(?<name>\[[^\]]*\]|[^:,]*)(?<port>:\d+)$/.exec(authority)?.groups ?? {}
  return { name, port }
}
