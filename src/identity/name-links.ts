import { isNodeName, isUnknownJob, type EntityName } from '../openlineage/keys.ts'
import { createJobSpeller } from './spell-job.ts'
import type { IdentityRules } from './rules.ts'
import { createSpeller, type Spelling } from './spell-dataset.ts'
import { trimOnce } from './trim-name.ts'

/** A link that rules make of a name. */
export interface NameLink {
  kind: 'SAME_AS' | 'PART_OF'
  from: EntityName
  to: EntityName
  /** The rules that make it, in their order, joined by `+`. */
  source: string
}

/** What rules make of names: a pure function of each name alone. */
export interface NameLinks {
  /**
   * The links that begin at a dataset's name, one behind the other: to the name as the rules spell it, and from there to the table
   * that it is a part of. At most one begins at each name.
   */
  ofDataset: (dataset: EntityName) => NameLink[]
  ofJob: (job: EntityName) => NameLink[]
}

export function createNameLinks(rules: IdentityRules): NameLinks {
  const spell = createSpeller(rules)
  const spellJob = createJobSpeller(rules.jobs)
  return {
    ofDataset: (dataset) => {
      const spelled = spell(dataset)
      const whole = toWhole(spelled.name, { spell, rules })
      return [
        ...toLink('SAME_AS', dataset, spelled),
        ...toLink('PART_OF', spelled.name, { name: whole, by: ['partitions'] }),
      ].filter(({ from, to }) => isNodeName(from) && isNodeName(to))
    },
    ofJob: (job) => {
      const spelled = spellJob(job)
      const isNameless = isUnknownJob(job) || isUnknownJob(spelled.name)
      if (isNameless || !isNodeName(spelled.name)) return []
      return toLink('SAME_AS', job, spelled)
    },
  }
}

/** The rules take turns until none finds anything, so that what is left is spelled as they would. */
function toWhole(
  dataset: EntityName,
  { spell, rules }: { spell: (dataset: EntityName) => Spelling; rules: IdentityRules },
): EntityName {
  for (let whole = dataset; ;) {
    const trimmed = trimOnce(whole.name, rules.partitions.trimmers)
    if (trimmed === undefined) return whole
    whole = spell({ ...whole, name: trimmed }).name
  }
}

function toLink(kind: NameLink['kind'], from: EntityName, { name: to, by }: Spelling): NameLink[] {
  const isSame = to.namespace === from.namespace && to.name === from.name
  return isSame ? [] : [{ kind, from, to, source: by.join('+') }]
}
