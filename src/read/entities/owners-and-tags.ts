import { cypher } from '../../graph/cypher.ts'

/** Owners by name, with how many things they own now; a reader that is limited counts what it may see. */
export const listOwners = cypher`
  MATCH (o:Owner)
  WHERE o.name > $after AND o.name STARTS WITH $prefix
  WITH o ORDER BY o.name LIMIT toInteger($rows)
  RETURN o.name AS name,
    CASE WHEN $namespaces IS NULL THEN COUNT { (o)-[:OWNS]->() }
      ELSE COUNT { MATCH (o)-[:OWNS]->(x) WHERE x.namespace IN $namespaces } END AS owns
  ORDER BY name
`

/** What an owner owns, up to so many. */
export const readOwned = cypher`
  MATCH (:Owner {name: $name})-[x:OWNS]->(owned)
  WHERE $namespaces IS NULL OR owned.namespace IN $namespaces
  WITH x, owned LIMIT toInteger($rows)
  RETURN labels(owned)[0] AS label, owned.namespace AS namespace, owned.name AS name, null AS field, null AS runId, x.type AS type, null AS source
  ORDER BY namespace, name, type
`
export const ownerExists = cypher`
  MATCH (o:Owner {name: $name})
  RETURN o.name AS name
`

/** Tags by key and value, with how many things have them now. */
export const listTags = cypher`
  MATCH (t:Tag)
  WHERE t.key >= $key AND t.value IS NOT NULL
  WITH t WHERE t.key > $key OR t.value > $value
  WITH t ORDER BY t.key, t.value LIMIT toInteger($rows)
  RETURN t.key AS key, t.value AS value,
    CASE WHEN $namespaces IS NULL THEN COUNT { (t)<-[:TAGGED]-() }
      ELSE COUNT { MATCH (t)<-[:TAGGED]-(x) WHERE coalesce(x.namespace, x.jobNamespace) IN $namespaces } END AS tagged
  ORDER BY key, value
`

/** What has a tag, whatever its value or with this one, up to so many. */
export const readTagged = cypher`
  MATCH (t:Tag {key: $key})<-[x:TAGGED]-(tagged)
  WHERE ($value IS NULL OR t.value = $value)
    AND ($namespaces IS NULL OR coalesce(tagged.namespace, tagged.jobNamespace) IN $namespaces)
  WITH t, x, tagged LIMIT toInteger($rows)
  RETURN labels(tagged)[0] AS label, tagged.namespace AS namespace, coalesce(tagged.dataset, tagged.name) AS name,
    CASE WHEN tagged:Field THEN tagged.name END AS field, tagged.runId AS runId, t.value AS value, x.source AS source
  ORDER BY value, label, namespace, name, field, runId
`
