import { cypher } from '../cypher.ts'

/** Owners, tags and results of tests, each once; and what is looked up of them and of runs. */
export const peopleAndTests = [
  cypher`CREATE CONSTRAINT owner_name IF NOT EXISTS FOR (n:Owner) REQUIRE n.name IS UNIQUE`,
  cypher`CREATE CONSTRAINT tag_key IF NOT EXISTS FOR (n:Tag) REQUIRE (n.key, n.value) IS UNIQUE`,
  cypher`CREATE CONSTRAINT test_result_key IF NOT EXISTS FOR (n:TestResult) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT field_mention_key IF NOT EXISTS FOR (n:FieldMention) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT owns_key IF NOT EXISTS FOR ()-[r:OWNS]-() REQUIRE r.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT tagged_key IF NOT EXISTS FOR ()-[r:TAGGED]-() REQUIRE r.key IS UNIQUE`,
  // All values of one tag.
  cypher`CREATE INDEX tag_by_key IF NOT EXISTS FOR (n:Tag) ON (n.key)`,
  // What one run said of one target, replaced together.
  cypher`CREATE INDEX test_result_scope IF NOT EXISTS FOR (n:TestResult) ON (n.scope)`,
  cypher`CREATE INDEX test_result_status IF NOT EXISTS FOR (n:TestResult) ON (n.status, n.checkedAt)`,
  cypher`CREATE INDEX run_external_query IF NOT EXISTS FOR (n:Run) ON (n.externalQueryId)`,
  cypher`CALL db.awaitIndexes(600)`,
]
