/** How each number of a manifest is found in the graph. Each begins at what is of the namespace, so that other graphs do not count. */
const statements = {
  datasets: 'MATCH (d:Dataset {namespace: $datasetNamespace}) RETURN count(d) AS found',
  jobs: 'MATCH (j:Job {namespace: $jobNamespace}) WHERE NOT (j)<-[:CHILD_OF]-() RETURN count(j) AS found',
  parentJobs:
    'MATCH (:Job {namespace: $jobNamespace})-[:CHILD_OF]->(j:Job) RETURN count(DISTINCT j) AS found',
  runs: 'MATCH (:Job {namespace: $jobNamespace})<-[:RUN_OF]-(r:Run) WHERE r.state IS NOT NULL RETURN count(r) AS found',
  parentRuns:
    'MATCH (:Job {namespace: $jobNamespace})<-[:RUN_OF]-(:Run)-[:CHILD_OF]->(r:Run) RETURN count(DISTINCT r) AS found',
  inputEdges: 'MATCH (:Job {namespace: $jobNamespace})-[e:READS]->(:Dataset) RETURN count(e) AS found',
  outputEdges: 'MATCH (:Job {namespace: $jobNamespace})-[e:WRITES]->(:Dataset) RETURN count(e) AS found',
  readRuns:
    'MATCH (:Job {namespace: $jobNamespace})<-[:RUN_OF]-(:Run)-[e:READ]->(:Dataset) RETURN count(e) AS found',
  datasetVersions:
    'MATCH (:Job {namespace: $jobNamespace})<-[:RUN_OF]-(:Run)-[:PRODUCED]->(v:DatasetVersion) RETURN count(v) AS found',
  fields: 'MATCH (f:Field {namespace: $datasetNamespace}) RETURN count(f) AS found',
  columnEdges: 'MATCH (:Field {namespace: $datasetNamespace})-[e:FEEDS]->(:Field) RETURN count(e) AS found',
  events:
    'MATCH (:Job {namespace: $jobNamespace})<-[:RUN_OF]-(:Run)<-[:ABOUT]-(e:Event) RETURN count(e) AS found',
}

/** Compares the graph with what a manifest expects; each row says what was expected, found, and whether it is the same. */
export async function checkGraph({ graph }, expect) {
  const { datasetNamespace, jobNamespace } = expect
  const rows = []
  for (const [name, statement] of Object.entries(statements)) {
    const expected = expect[name]
    if (expected === undefined) continue
    const [{ found }] = await graph.ask(statement, { datasetNamespace, jobNamespace })
    rows.push({ of: jobNamespace, name, expected, found, isSame: found === expected })
  }
  return rows
}
