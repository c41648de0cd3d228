import type { Told } from './clock.ts'
import { declaredLineageOf } from './declared-lineage.ts'
import { type Edge, uniteEdges } from './edges.ts'
import { type GraphView, ownerLine, tagLine, toLine, toLines } from './graph-view.ts'
import { jobFactsOf, jobParentsOf } from './job-facts.ts'
import type { Job } from './jobs.ts'
import { ownersOf, tagsOf } from './labels.ts'
import { declaredOf } from './said.ts'

/** What the graph shows of jobs, and of what flows. */
export function jobViews(told: readonly Told[], jobs: readonly Job[]): GraphView {
  const facts = jobFactsOf(told)
  return {
    jobs: toLines(facts.map(({ job, said: _said, ...properties }) => toLine(job, properties))),
    jobOwners: toLines(
      facts.flatMap(({ job, said }) => ownersOf(said).map((owner) => ownerLine(job, owner))),
    ),
    jobTags: toLines(facts.flatMap(({ job, said }) => tagsOf(said).map((tag) => tagLine(job, tag)))),
    jobParents: toLines(jobParentsOf(told).map(({ job, parent }) => `${job} in ${parent}`)),
    jobVersions: toLines(jobs.flatMap(versionLines)),
    structure: toLines([
      ...jobs.flatMap(structureLines),
      ...declaredLineageOf(told.flatMap(declaredOf)).map((edge) => edgeLine(edge, { isCurrent: true })),
    ]),
  }
}

function versionLines({ job, versions }: Job): string[] {
  return versions.map((runs) => `${job}: ${toLines(runs.map(({ runId }) => runId)).join(' ')}`)
}

/** The edges of a job: all that its contents imply, current where one of now implies it. */
function structureLines({ job, contents, now }: Job): string[] {
  const current = new Set(now.flatMap(({ edges }) => edges.map(({ subject }) => subject)))
  return uniteEdges(contents.flatMap(({ edges }) => edges)).map((edge) =>
    edgeLine({ ...edge, subject: `${job}: ${edge.subject}` }, { isCurrent: current.has(edge.subject) }),
  )
}

function edgeLine({ subject, ...properties }: Edge, { isCurrent }: { isCurrent: boolean }): string {
  return toLine(subject, { ...properties, current: isCurrent })
}
