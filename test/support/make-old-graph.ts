/**
 * Makes the fixture of the upgrade test out of a running collector of an older version, whose graph is empty:
 * `node --import tsx test/support/make-old-graph.ts <its data>/connection.json test/fixtures/graphs/migration-9.json.gz`
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import neo4j from 'neo4j-driver'
import { readGraph, writeFixture } from './graph-fixture.ts'
import { upgradeTexts } from './upgrade-texts.ts'

const [connectionPath = '', fixturePath = ''] = process.argv.slice(2)
const lookEveryMs = 500

const connection = JSON.parse(await readFile(connectionPath, 'utf8')) as Record<string, string>
const { collectorUrl = '', neo4jUri = '', neo4jUser = '', neo4jPassword = '' } = connection
const driver = neo4j.driver(neo4jUri, neo4j.auth.basic(neo4jUser, neo4jPassword))
const { before } = upgradeTexts()
for (const body of before) {
  const headers = { 'Content-Type': 'application/json' }
  const { status } = await fetch(`${collectorUrl}/api/v1/lineage`, { method: 'POST', headers, body })
  if (status !== 201) throw new Error(`An event was answered ${status}.`)
}
while ((await countEvents()) < new Set(before).size) await sleep(lookEveryMs)
const fixture = await readGraph(driver)
await writeFixture(fixturePath, fixture)
console.log(`${fixture.nodes.length} nodes, ${fixture.relationships.length} relationships.`)
await driver.close()

async function countEvents(): Promise<number> {
  const { records } = await driver.executeQuery('MATCH (e:Event) RETURN count(e) AS events')
  return Number(records[0]?.get('events'))
}
