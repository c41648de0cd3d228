/**
 * What is asked, and how long half of the answers may take. `{node}` is the id of the dataset to begin at, `{field}` that of a column of
 * it, `{word}` a word of its name; all encoded for a URL.
 */
export const questions = [
  {
    name: 'lineage, upstream, depth 20',
    path: '/api/v2/lineage?of={node}&direction=upstream&granularity=flow&depth=20',
    p50Ms: 50,
  },
  {
    name: 'lineage, downstream, depth 20',
    path: '/api/v2/lineage?of={node}&direction=downstream&granularity=flow&depth=20',
    p50Ms: 50,
  },
  {
    name: 'lineage, either way, depth 20',
    path: '/api/v2/lineage?of={node}&direction=either&granularity=flow&depth=20&limit=20000',
    p50Ms: 250,
  },
  { name: 'lineage of datasets, both, depth 20', path: '/api/v2/lineage?of={node}&depth=20', p50Ms: 50 },
  {
    name: 'column lineage, upstream, depth 20',
    path: '/api/v2/lineage?of={field}&direction=upstream&depth=20',
    p50Ms: 50,
  },
  {
    name: 'column lineage, downstream, depth 20',
    path: '/api/v2/lineage?of={field}&direction=downstream&depth=20',
    p50Ms: 50,
  },
  { name: 'impact', path: '/api/v2/impact?of={node}', p50Ms: 50 },
  { name: 'jobs, a page of 100', path: '/api/v2/jobs?limit=100', p50Ms: 20 },
  { name: 'search', path: '/api/v2/search?q={word}', p50Ms: 20 },
]
