import { answerJson } from '../../http/answer-json.ts'
import type { Reader } from '../../http/access.ts'
import type { Endpoint } from '../../http/operation.ts'
import { requiredText } from '../../http/parameters.ts'
import type { ChangedThing, PeopleChange } from '../../log/people-change.ts'
import type { ReadParts } from '../read-parts.ts'
import { marquezEndpoint } from './marquez-endpoint.ts'
import { readDatasets } from './read-datasets.ts'
import { readJobs } from './read-jobs.ts'
import { refuseLongTag } from './tag-name.ts'
import { datasetText, jobText, ofDataset, ofJob, unknown } from './things.ts'

const tagPart = { tag: requiredText('The name of the tag.') }
const fieldPart = { field: requiredText('The path of the field.') }
const jobPath = '/api/v1/namespaces/:namespace/jobs/:job'
const datasetPath = '/api/v1/namespaces/:namespace/datasets/:dataset'

/** What the page of Marquez lets people change: hide a job or dataset, and tag. */
export function changeEndpoints(parts: ReadParts): Endpoint[] {
  return [
    ...hideEndpoints(parts),
    ...tagJobEndpoints(parts),
    ...tagDatasetEndpoints(parts),
    ...tagFieldEndpoints(parts),
  ]
}

function hideEndpoints(parts: ReadParts): Endpoint[] {
  return [
    marquezEndpoint(
      {
        id: 'marquezHideJob',
        method: 'delete',
        path: jobPath,
        summary: 'Hide a job, until it is heard of again',
        inPath: ofJob,
        inQuery: {},
        gives: 'MarquezJob',
      },
      async (asked) => {
        const thing = { kind: 'job' as const, namespace: asked.path.namespace, name: asked.path.job }
        answerJson(
          asked,
          await change(parts, { change: { kind: 'HIDDEN', thing }, thing, reader: asked.reader }),
        )
      },
    ),
    marquezEndpoint(
      {
        id: 'marquezHideDataset',
        method: 'delete',
        path: datasetPath,
        summary: 'Hide a dataset, until it is heard of again',
        inPath: ofDataset,
        inQuery: {},
        gives: 'MarquezDataset',
      },
      async (asked) => {
        const thing = { kind: 'dataset' as const, namespace: asked.path.namespace, name: asked.path.dataset }
        answerJson(
          asked,
          await change(parts, { change: { kind: 'HIDDEN', thing }, thing, reader: asked.reader }),
        )
      },
    ),
  ]
}

/** Each tags with POST, and takes the tag away with DELETE. */
const ways = [
  { method: 'post', kind: 'TAGGED', id: 'Tag', verb: 'Tag' },
  { method: 'delete', kind: 'UNTAGGED', id: 'Untag', verb: 'Take a tag from' },
] as const

function tagJobEndpoints(parts: ReadParts): Endpoint[] {
  return ways.map(({ method, kind, id, verb }) =>
    marquezEndpoint(
      {
        id: `marquez${id}Job`,
        method,
        path: `${jobPath}/tags/:tag`,
        summary: `${verb} a job`,
        inPath: { ...ofJob, ...tagPart },
        inQuery: {},
        gives: 'MarquezJob',
      },
      async (asked) => {
        const { namespace, job: name, tag } = asked.path
        const thing = { kind: 'job' as const, namespace, name }
        answerJson(asked, await change(parts, { change: { kind, thing, tag }, thing, reader: asked.reader }))
      },
    ),
  )
}

function tagDatasetEndpoints(parts: ReadParts): Endpoint[] {
  return ways.map(({ method, kind, id, verb }) =>
    marquezEndpoint(
      {
        id: `marquez${id}Dataset`,
        method,
        path: `${datasetPath}/tags/:tag`,
        summary: `${verb} a dataset`,
        inPath: { ...ofDataset, ...tagPart },
        inQuery: {},
        gives: 'MarquezDataset',
      },
      async (asked) => {
        const { namespace, dataset: name, tag } = asked.path
        const thing = { kind: 'dataset' as const, namespace, name }
        answerJson(asked, await change(parts, { change: { kind, thing, tag }, thing, reader: asked.reader }))
      },
    ),
  )
}

function tagFieldEndpoints(parts: ReadParts): Endpoint[] {
  return ways.map(({ method, kind, id, verb }) =>
    marquezEndpoint(
      {
        id: `marquez${id}Field`,
        method,
        path: `${datasetPath}/fields/:field/tags/:tag`,
        summary: `${verb} a field`,
        inPath: { ...ofDataset, ...fieldPart, ...tagPart },
        inQuery: {},
        gives: 'MarquezDataset',
      },
      async (asked) => {
        const { namespace, dataset: name, field, tag } = asked.path
        const thing = { kind: 'field' as const, namespace, name, field }
        answerJson(asked, await change(parts, { change: { kind, thing, tag }, thing, reader: asked.reader }))
      },
    ),
  )
}

/** Takes a change, and answers with what it was about as it is then. */
async function change(
  { ask, takeChange }: ReadParts,
  { change: wanted, thing, reader }: { change: PeopleChange; thing: ChangedThing; reader: Reader },
): Promise<Record<string, unknown>> {
  if ('tag' in wanted) refuseLongTag(wanted.tag)
  const isTaken = reader.sees(thing.namespace) && (await takeChange(wanted))
  const names = [{ namespace: thing.namespace, name: thing.name }]
  const isJob = thing.kind === 'job'
  const [after] = await ask((tx) =>
    isJob
      ? readJobs(tx, names, { reader, runs: 1, hides: false })
      : readDatasets(tx, names, { reader, hides: false }),
  )
  if (isTaken && after !== undefined) return after
  const what = isJob ? jobText(thing) : datasetText(thing)
  throw unknown(
    thing.kind === 'field' ? `The field ${JSON.stringify(thing.field)} of ${what.toLowerCase()}` : what,
  )
}
