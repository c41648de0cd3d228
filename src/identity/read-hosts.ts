import type { HostRule } from './rules.ts'
import { readSchemes } from './read-schemes.ts'
import { splitAuthority } from './spell-dataset.ts'
import type { YamlReader, YamlValue } from './yaml-reader.ts'

/** Host aliases of a file. A name is an alias of one host, and a host with aliases is none itself: so nothing goes in circles. */
export function readHosts(reader: YamlReader, value: YamlValue): HostRule[] {
  const read = reader.list(value).map((item) => readHost(reader, item))
  const aliases = read.flatMap(({ host, aliases: named }) => named.map((alias) => ({ ...alias, of: host })))
  for (const { host } of read) {
    const clash =
      host && aliases.find(({ text, of }) => isCaught(host.text, { alias: text, of: of?.text ?? '' }))
    if (clash !== undefined)
      reader.fault(
        clash.value,
        `is the host of line ${host?.value.line}; a host that has aliases cannot be one.`,
      )
  }
  const seen = new Map<string, Named>()
  for (const alias of aliases) {
    const key = alias.text.toLowerCase()
    const first = seen.get(key)
    if (first === undefined) seen.set(key, alias)
    else reader.fault(alias.value, `is an alias in line ${first.value.line} already.`)
  }
  return read.flatMap(({ host, aliases: named, schemes }) =>
    host === undefined ? [] : [{ host: host.text, aliases: named.map(({ text }) => text), schemes }],
  )
}

interface Named {
  value: YamlValue
  text: string
}

function readHost(
  reader: YamlReader,
  item: YamlValue,
): { host: Named | undefined; aliases: Named[]; schemes: string[] | undefined } {
  const { host, aliases, schemes } = reader.fields(item, ['host', 'aliases', 'schemes'])
  if (host === undefined) reader.fault(item, 'lacks its host.')
  if (aliases === undefined) reader.fault(item, 'lacks its aliases.')
  return {
    host: host && readAuthority(reader, host),
    aliases:
      aliases === undefined
        ? []
        : reader.list(aliases).flatMap((alias) => readAuthority(reader, alias) ?? []),
    schemes: schemes && readSchemes(reader, schemes),
  }
}

function readAuthority(reader: YamlReader, value: YamlValue): Named | undefined {
  const text = reader.text(value)
  if (text === undefined) return undefined
  if (/^[^\s/@]+$/.test(text)) return { value, text }
  reader.fault(value, 'must be a host, with its port or without, such as warehouse:5432.')
  return undefined
}

/** Whether an alias would be found in a host, or in that host with some port. */
function isCaught(host: string, { alias, of }: { alias: string; of: string }): boolean {
  const [own, aliased] = [splitAuthority(host), splitAuthority(alias)]
  if (isOneName(host, alias)) return true
  const isFoundWithPort = own.port !== '' && splitAuthority(of).port === '' && isOneName(own.name, alias)
  return isFoundWithPort || (own.port === '' && isOneName(host, aliased.name))
}

function isOneName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
