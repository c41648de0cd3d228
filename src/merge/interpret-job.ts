import { integer, text, type Interpretations } from './interpret-facet.ts'

/** Characters of a SQL text kept as a property; the whole stands in its facet. */
const SQL_LENGTH_MAX = 65_536

/** Which properties of a Job follow from which facet. */
export const jobInterpretations: Interpretations = {
  jobType: (facet) => ({
    integration: text(facet, 'integration'),
    processingType: text(facet, 'processingType'),
    jobType: text(facet, 'jobType'),
    eventTrigger: text(facet, 'emissionPattern', 'eventTrigger'),
    eventContentMode: text(facet, 'emissionPattern', 'eventContentMode'),
    windowSeconds: integer(facet, 'emissionPattern', 'windowDuration'),
  }),
  documentation: (facet) => ({
    description: text(facet, 'description'),
    descriptionType: text(facet, 'contentType'),
  }),
  sql: (facet) => ({
    sql: text(facet, 'query')?.slice(0, SQL_LENGTH_MAX) ?? null,
    sqlDialect: text(facet, 'dialect'),
  }),
  sourceCode: (facet) => ({ sourceLanguage: text(facet, 'language') }),
  sourceCodeLocation: (facet) => ({
    sourceLocation: text(facet, 'url'),
    sourceType: text(facet, 'type'),
    sourceRepo: text(facet, 'repoUrl'),
    sourcePath: text(facet, 'path'),
    sourceVersion: text(facet, 'version'),
    sourceTag: text(facet, 'tag'),
    sourceBranch: text(facet, 'branch'),
    sourcePullRequest: text(facet, 'pullRequestNumber'),
  }),
  gcp_composer_job: (facet) => ({ composerEnvironment: text(facet, 'environmentName') }),
  gcp_lineage: (facet) => ({ displayName: text(facet, 'displayName') }),
}
