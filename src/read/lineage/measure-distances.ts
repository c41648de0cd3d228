import type { Edge } from './fold.ts'
import type { Way } from './walk.ts'

/** Kinds of edges that are no step. */
const namings = new Set(['SAME_AS', 'PART_OF'])

/** The fewest steps from any root to each node, along edges that are at hand. */
export function measureDistances(
  edges: readonly Edge[],
  { roots, ways }: { roots: Iterable<string>; ways: readonly Way[] },
): Map<string, number> {
  const next = new Map<string, { node: string; cost: number }[]>()
  const add = (from: string, step: { node: string; cost: number }) => {
    const steps = next.get(from)
    if (steps === undefined) next.set(from, [step])
    else steps.push(step)
  }
  for (const { from, to, kind } of edges) {
    const cost = namings.has(kind) ? 0 : 1
    if (ways.includes('downstream')) add(from, { node: to, cost })
    if (ways.includes('upstream')) add(to, { node: from, cost })
  }
  const distances = new Map<string, number>()
  let level = [...roots]
  for (let distance = 0; level.length > 0; distance += 1) {
    const behind: string[] = []
    const open = level.filter((node) => !distances.has(node))
    // Grows while it is read, by other names.
    for (const node of open) {
      if (distances.has(node)) continue
      distances.set(node, distance)
      for (const step of next.get(node) ?? []) (step.cost === 0 ? open : behind).push(step.node)
    }
    level = behind
  }
  return distances
}
