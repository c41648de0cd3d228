import { cypher } from '../cypher.ts'

/**
 * What search looks through. `simple` breaks names at everything that is no letter (`public.sales_daily` is three words), where
 * `standard` would keep them whole. Eventually consistent: a merge hands on what it has changed, and does not wait for Lucene.
 * Only properties that are listed here cost anything, and only when they change.
 */
export const searchIndexes = [
  cypher`CREATE FULLTEXT INDEX search_names IF NOT EXISTS FOR (n:Dataset|Job|Owner|Tag) ON EACH [n.name, n.displayName, n.key, n.value]
    OPTIONS {indexConfig: {\`fulltext.analyzer\`: 'simple', \`fulltext.eventually_consistent\`: true}}`,
  cypher`CREATE FULLTEXT INDEX search_descriptions IF NOT EXISTS FOR (n:Dataset|Job) ON EACH [n.description]
    OPTIONS {indexConfig: {\`fulltext.analyzer\`: 'simple', \`fulltext.eventually_consistent\`: true}}`,
  cypher`CREATE FULLTEXT INDEX search_columns IF NOT EXISTS FOR (n:Field) ON EACH [n.name, n.description]
    OPTIONS {indexConfig: {\`fulltext.analyzer\`: 'simple', \`fulltext.eventually_consistent\`: true}}`,
]
