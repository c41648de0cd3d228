import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import { toContentKey } from '../openlineage/keys.ts'
import { trimmerNames, type TrimmerName } from './trim-name.ts'

/** Which names are other names for one thing, and which are parts of one: what `identity.yaml` says. */
export interface IdentityRules {
  /** Schemes whose names are paths: a slash at the end says nothing. */
  trailingSlash: { schemes: string[] }
  /** Directories of partitions and dates at the end of a name. */
  partitions: { trimmers: TrimmerName[] }
  hosts: HostRule[]
  case: CaseRule[]
  jobs: JobRule[]
}

/** Several names of one host. */
export interface HostRule {
  host: string
  aliases: string[]
  /** Undefined for all. */
  schemes: string[] | undefined
}

export const letterCases = ['keep', 'lower', 'upper'] as const
export type LetterCase = (typeof letterCases)[number]

/** Where the case of letters makes no difference. */
export interface CaseRule {
  scheme: string
  namespaces: LetterCase
  names: LetterCase
}

/** A part of job names that changes from run to run. */
export interface JobRule {
  rule: string
  /** Undefined for all. */
  namespaces: string[] | undefined
  pattern: string
  replacement: string
}

/** What holds where nobody says otherwise: only what is safe to say of any name. */
export const defaultRules: IdentityRules = {
  trailingSlash: { schemes: ['abfss', 'dbfs', 'file', 'gs', 'hdfs', 's3', 'wasbs'] },
  partitions: { trimmers: [...trimmerNames] },
  hosts: [],
  case: [],
  jobs: [],
}

/** To be raised with every change of what a rule does: it makes all nodes link anew. */
const RULES_GENERATION = 1

/** A key of what the rules do: rules with one key make the same links. */
export function toRulesKey(rules: IdentityRules): string {
  return toContentKey(`identity ${RULES_GENERATION} ${toCanonicalJson(rules)}`)
}

/** The rules with everything in one order whose order says nothing. That of job rules does. */
export function toOrderedRules({
  trailingSlash,
  partitions,
  hosts,
  jobs,
  ...rules
}: IdentityRules): IdentityRules {
  return {
    trailingSlash: { schemes: toSet(trailingSlash.schemes) },
    partitions: { trimmers: trimmerNames.filter((name) => partitions.trimmers.includes(name)) },
    hosts: hosts
      .map(({ host, aliases, schemes }) => ({
        host,
        aliases: toSet(aliases),
        schemes: schemes === undefined ? undefined : toSet(schemes),
      }))
      .toSorted((a, b) => (a.host < b.host ? -1 : 1)),
    case: rules.case.toSorted((a, b) => (a.scheme < b.scheme ? -1 : 1)),
    jobs: jobs.map(({ namespaces, ...job }) => ({
      ...job,
      namespaces: namespaces === undefined ? undefined : toSet(namespaces),
    })),
  }
}

function toSet(values: readonly string[]): string[] {
  return [...new Set(values)].toSorted()
}
