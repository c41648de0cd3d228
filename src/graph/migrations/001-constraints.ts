import { cypher } from '../cypher.ts'

/** Each thing once, found by its key. */
export const constraints = [
  cypher`CREATE CONSTRAINT namespace_name IF NOT EXISTS FOR (n:Namespace) REQUIRE n.name IS UNIQUE`,
  cypher`CREATE CONSTRAINT job_name IF NOT EXISTS FOR (n:Job) REQUIRE (n.namespace, n.name) IS UNIQUE`,
  cypher`CREATE CONSTRAINT job_version_key IF NOT EXISTS FOR (n:JobVersion) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.runId IS UNIQUE`,
  cypher`CREATE CONSTRAINT dataset_name IF NOT EXISTS FOR (n:Dataset) REQUIRE (n.namespace, n.name) IS UNIQUE`,
  cypher`CREATE CONSTRAINT dataset_version_key IF NOT EXISTS FOR (n:DatasetVersion) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT schema_version_key IF NOT EXISTS FOR (n:SchemaVersion) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT field_name IF NOT EXISTS FOR (n:Field) REQUIRE (n.namespace, n.dataset, n.name) IS UNIQUE`,
  cypher`CREATE CONSTRAINT column_lineage_key IF NOT EXISTS FOR (n:ColumnLineage) REQUIRE n.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT event_id IF NOT EXISTS FOR (n:Event) REQUIRE n.id IS UNIQUE`,
  cypher`CREATE CONSTRAINT feeds_key IF NOT EXISTS FOR ()-[r:FEEDS]-() REQUIRE r.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT influences_key IF NOT EXISTS FOR ()-[r:INFLUENCES]-() REQUIRE r.key IS UNIQUE`,
  cypher`CREATE CONSTRAINT precedes_key IF NOT EXISTS FOR ()-[r:PRECEDES]-() REQUIRE r.key IS UNIQUE`,
]
