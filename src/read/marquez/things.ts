import { Problem } from '../../http/problem.ts'
import { requiredText } from '../../http/parameters.ts'

export const inNamespace = { namespace: requiredText('The namespace.') }
export const ofJob = { ...inNamespace, job: requiredText('The name of the job.') }
export const ofDataset = { ...inNamespace, dataset: requiredText('The name of the dataset.') }
export const ofRun = { runId: requiredText('The id of the run.') }

/** The answer where the graph does not have a thing, or the reader may not see it. */
export function unknown(what: string): Problem {
  return new Problem('node-unknown', { detail: `${what} is not known here, or is not yours to see.` })
}

export function jobText({ namespace, name }: { namespace: string; name: string }): string {
  return `The job ${JSON.stringify(name)} in ${JSON.stringify(namespace)}`
}

export function datasetText({ namespace, name }: { namespace: string; name: string }): string {
  return `The dataset ${JSON.stringify(name)} in ${JSON.stringify(namespace)}`
}
