import { NAME_BYTES_MAX } from '../openlineage/keys.ts'
import { findPatternTrouble } from './pattern-steps.ts'
import { readHosts } from './read-hosts.ts'
import { readSchemes } from './read-schemes.ts'
import {
  defaultRules,
  letterCases,
  toOrderedRules,
  type CaseRule,
  type IdentityRules,
  type JobRule,
} from './rules.ts'
import { toRegExp } from './spell-job.ts'
import { trimmerNames, type TrimmerName } from './trim-name.ts'
import { createYamlReader, type Mistake, type YamlReader, type YamlValue } from './yaml-reader.ts'

/** Characters of the whole file: rules for tens of thousands of hosts. */
const FILE_LENGTH_MAX = 1024 * 1024

/** Each job rule is tried on each job's name. */
const JOB_RULES_MAX = 200

const PATTERN_LENGTH_MAX = 500

/** These say on links that something else has made them. */
const takenSources = new Set(['SYMLINK', 'CATALOG', 'hosts', 'case', 'trailingSlash', 'partitions'])

/** The rules of an `identity.yaml`, or everything that is wrong with it. What the file leaves out is as it is by default. */
export function readRules(text: string): { rules: IdentityRules } | { mistakes: Mistake[] } {
  if (text.length > FILE_LENGTH_MAX)
    return { mistakes: [{ line: 1, text: `The file has more than ${FILE_LENGTH_MAX} characters.` }] }
  const reader = createYamlReader(text)
  const isEmpty = reader.root.node === null
  const rules = isEmpty ? defaultRules : readSections(reader)
  if (reader.mistakes.length > 0) return { mistakes: reader.mistakes.toSorted((a, b) => a.line - b.line) }
  return { rules: toOrderedRules(rules) }
}

function readSections(reader: YamlReader): IdentityRules {
  const sections = reader.fields(reader.root, ['trailingSlash', 'partitions', 'hosts', 'case', 'jobs'])
  const slash = sections.trailingSlash && reader.fields(sections.trailingSlash, ['schemes']).schemes
  const trimmers = sections.partitions && reader.fields(sections.partitions, ['trimmers']).trimmers
  return {
    trailingSlash: slash === undefined ? defaultRules.trailingSlash : { schemes: readSchemes(reader, slash) },
    partitions:
      trimmers === undefined ? defaultRules.partitions : { trimmers: readTrimmers(reader, trimmers) },
    hosts: sections.hosts === undefined ? [] : readHosts(reader, sections.hosts),
    case: sections.case === undefined ? [] : readCases(reader, sections.case),
    jobs: sections.jobs === undefined ? [] : readJobs(reader, sections.jobs),
  }
}

function readTrimmers(reader: YamlReader, value: YamlValue): TrimmerName[] {
  return reader.list(value).flatMap((item) => readChoice(reader, item, trimmerNames) ?? [])
}

function readChoice<T extends string>(
  reader: YamlReader,
  value: YamlValue,
  allowed: readonly T[],
): T | undefined {
  const text = reader.text(value)
  if (text === undefined) return undefined
  const found = allowed.find((candidate) => candidate === text)
  if (found === undefined) reader.fault(value, `must be one of ${allowed.join(', ')}, not "${text}".`)
  return found
}

function readCases(reader: YamlReader, value: YamlValue): CaseRule[] {
  const seen = new Set<string>()
  return reader.list(value).flatMap((item) => {
    const { scheme, namespaces, names } = reader.fields(item, ['scheme', 'namespaces', 'names'])
    if (scheme === undefined) reader.fault(item, 'lacks its scheme, such as snowflake.')
    if (namespaces === undefined && names === undefined)
      reader.fault(item, 'lacks both namespaces and names.')
    const text = scheme && reader.text(scheme)?.toLowerCase()
    if (scheme === undefined || text === undefined) return []
    if (seen.has(text)) reader.fault(scheme, `is the second for ${text}.`)
    seen.add(text)
    const readCase = (part: YamlValue | undefined) =>
      (part && readChoice(reader, part, letterCases)) ?? 'keep'
    return [{ scheme: text, namespaces: readCase(namespaces), names: readCase(names) }]
  })
}

function readJobs(reader: YamlReader, value: YamlValue): JobRule[] {
  const items = reader.list(value)
  if (items.length > JOB_RULES_MAX) reader.fault(value, `has more than ${JOB_RULES_MAX} rules.`)
  const seen = new Set<string>()
  return items.flatMap((item) => {
    const fields = reader.fields(item, ['rule', 'namespaces', 'pattern', 'replacement'])
    const rule = readRuleName(reader, { item, value: fields.rule, seen })
    const pattern = readPattern(reader, { item, value: fields.pattern })
    if (fields.replacement === undefined) reader.fault(item, "lacks its replacement; '' takes away.")
    const replacement = fields.replacement && reader.text(fields.replacement)
    if (rule === undefined || pattern === undefined || replacement === undefined) return []
    if (fields.replacement !== undefined)
      checkReplacement(reader, fields.replacement, { pattern, replacement })
    const namespaces = fields.namespaces && readTexts(reader, fields.namespaces)
    return [{ rule, namespaces, pattern, replacement }]
  })
}

function readTexts(reader: YamlReader, value: YamlValue): string[] {
  return reader.list(value).flatMap((item) => reader.text(item) ?? [])
}

function readRuleName(
  reader: YamlReader,
  { item, value, seen }: { item: YamlValue; value: YamlValue | undefined; seen: Set<string> },
): string | undefined {
  if (value === undefined) {
    reader.fault(item, 'lacks its name: `rule: spark-timestamps`. Links carry it as their source.')
    return undefined
  }
  const name = reader.text(value)
  if (name === undefined) return undefined
  if (!/^[A-Za-z][\w-]{0,63}$/.test(name))
    reader.fault(value, 'must be a name of letters, digits, - and _, 64 at most.')
  if (takenSources.has(name)) reader.fault(value, `must not be ${name}, which means something else.`)
  if (seen.has(name)) reader.fault(value, `is the second rule of the name ${name}.`)
  seen.add(name)
  return name
}

function readPattern(
  reader: YamlReader,
  { item, value }: { item: YamlValue; value: YamlValue | undefined },
): string | undefined {
  if (value === undefined) {
    reader.fault(item, 'lacks its pattern, a regular expression.')
    return undefined
  }
  const pattern = reader.text(value)
  if (pattern === undefined) return undefined
  const trouble = findTrouble(pattern)
  if (trouble === undefined) return pattern
  reader.fault(value, trouble)
  return undefined
}

function findTrouble(pattern: string): string | undefined {
  if (pattern === '' || pattern.length > PATTERN_LENGTH_MAX)
    return `must have 1 to ${PATTERN_LENGTH_MAX} characters.`
  try {
    toRegExp(pattern)
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`
  }
  return findPatternTrouble(pattern)
}

/** `$1` and `$<name>` of groups that the pattern does not have would go into names as they are. */
function checkReplacement(
  reader: YamlReader,
  value: YamlValue,
  { pattern, replacement }: { pattern: string; replacement: string },
): void {
  if (Buffer.byteLength(replacement) > NAME_BYTES_MAX) reader.fault(value, 'is longer than a name may be.')
  // With an empty alternative the pattern matches anything, and tells its groups.
  const groups = new RegExp(`${pattern}|`, 'u').exec('')
  const count = (groups?.length ?? 1) - 1
  const names = Object.keys(groups?.groups ?? {})
  for (const [reference, number, name] of replacement
    .replaceAll('$$', '')
    .matchAll(/\$(?:(\d{1,2})|<([^>]*)>)/g)) {
    const isThere = name === undefined ? Number(number) >= 1 && Number(number) <= count : names.includes(name)
    if (!isThere) reader.fault(value, `has ${reference}, but the pattern has no such group.`)
  }
}
