import { facetsIn } from './said.ts'
import type { Told } from './clock.ts'
import { facetOf, objectOf } from './json.ts'
import { isRunEvent } from './kinds.ts'
import { referenceOf } from './references.ts'
import type { Name, Said } from './said.ts'

/** What a child forwards of its parent's run, or of the root's, and of their jobs. It counts where they say nothing themselves. */
export interface Forwarded {
  runId: string
  job: Name
  ofRun: Said
  ofJob: Said
}

export function forwardedOf({ event, clock }: Told): Forwarded[] {
  if (!isRunEvent(event)) return []
  const parent = facetOf(event.run.facets, 'parent')
  return [objectOf(parent?.['root']), parent].flatMap((reference) => {
    const named = referenceOf(reference)
    if (named === undefined) return []
    const said = (key: string): Said => ({
      clock,
      facets: facetsIn(objectOf(reference?.[key])?.['facets']),
      isForwarded: true,
    })
    return [{ ...named, ofRun: said('run'), ofJob: said('job') }]
  })
}
