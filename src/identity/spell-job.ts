import type { EntityName } from '../openlineage/keys.ts'
import type { JobRule } from './rules.ts'
import { PATTERN_NAME_LENGTH_MAX } from './pattern-steps.ts'
import type { Spelling } from './spell-dataset.ts'

/** Rounds in which rules may still find something in what they have made. A name that does not settle is left as it is. */
const ROUNDS_MAX = 8

/** Says how the rules spell a job's name: each after the other, again until none changes anything. */
export function createJobSpeller(rules: readonly JobRule[]): (job: EntityName) => Spelling {
  const compiled = rules.map(({ rule, namespaces, pattern, replacement }) => ({
    rule,
    namespaces: namespaces === undefined ? undefined : new Set(namespaces),
    pattern: toRegExp(pattern),
    replacement,
  }))
  return (job) => {
    const fitting = compiled.filter(({ namespaces }) => namespaces?.has(job.namespace) ?? true)
    const by = new Set<string>()
    let name = job.name
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const before = name
      for (const { rule, pattern, replacement } of fitting) {
        if (name.length > PATTERN_NAME_LENGTH_MAX) return { name: job, by: [] }
        const replaced = name.replace(pattern, replacement)
        if (replaced !== name) by.add(rule)
        name = replaced
      }
      if (name === before) return { name: { ...job, name }, by: [...by] }
    }
    return { name: job, by: [] }
  }
}

/**
 * The pattern as it is applied: to whole characters, wherever it is found.
 * @throws {SyntaxError} where it is none
 */
export function toRegExp(pattern: string): RegExp {
  return new RegExp(pattern, 'gu')
}
