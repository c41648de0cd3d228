// The least that a graph does with the same runs: one UNWIND a batch merges the run, its job, what it read and wrote, and no more.
import neo4j from 'neo4j-driver'
import { readTexts, takeOrder, tellResult } from './limit-process.mjs'

const rowsTogether = 300
const rowsDeletedTogether = 10_000

const constraints = ['LimitRun', 'LimitJob', 'LimitDataset'].map((label) => ({
  create: `CREATE CONSTRAINT ${label} IF NOT EXISTS FOR (n:${label}) REQUIRE n.key IS UNIQUE`,
  drop: `DROP CONSTRAINT ${label} IF EXISTS`,
}))

const mergeRuns = `
  UNWIND $rows AS row
  MERGE (r:LimitRun {key: row.runId})
  SET r.state = row.eventType, r.at = row.eventTime
  MERGE (j:LimitJob {key: row.job})
  MERGE (r)-[:RUN_OF]->(j)
  FOREACH (name IN row.inputs | MERGE (d:LimitDataset {key: name}) MERGE (r)-[:READ]->(d))
  FOREACH (name IN row.outputs | MERGE (d:LimitDataset {key: name}) MERGE (r)-[:WROTE]->(d))
`

const { connection, file, count } = await takeOrder()
const rows = readTexts(file, count).map(toRow)
const { neo4jUri, neo4jUser, neo4jPassword, neo4jDatabase: database } = connection
const driver = neo4j.driver(neo4jUri, neo4j.auth.basic(neo4jUser, neo4jPassword))
for (const { create } of constraints) await runAlone(create)
await runAlone('CALL db.awaitIndexes(60)')

await tellResult(rows.length, async () => {
  for (let first = 0; first < rows.length; first += rowsTogether) {
    const batch = { rows: rows.slice(first, first + rowsTogether) }
    await inSession((session) => session.executeWrite((tx) => tx.run(mergeRuns, batch)))
  }
  return async () => {
    await runAlone(
      `MATCH (n) WHERE n:LimitRun OR n:LimitJob OR n:LimitDataset
       CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF ${rowsDeletedTogether} ROWS`,
    )
    for (const { drop } of constraints) await runAlone(drop)
    await driver.close()
  }
})

function toRow(text) {
  const { run, job, eventType, eventTime, inputs, outputs } = JSON.parse(text)
  return {
    runId: run.runId,
    eventType,
    eventTime,
    job: toKey(job),
    inputs: inputs.map(toKey),
    outputs: outputs.map(toKey),
  }
}

async function runAlone(statement) {
  await inSession((session) => session.run(statement))
}

async function inSession(use) {
  const session = driver.session({ database })
  try {
    await use(session)
  } finally {
    await session.close()
  }
}

function toKey({ namespace, name }) {
  return `${namespace}/${name}`
}
