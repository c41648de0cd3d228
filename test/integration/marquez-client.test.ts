import { startCollector, type Collector } from '../support/collector.ts'
import { fixtureTexts } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'
import type { Json } from '../support/json.ts'
import { misshapen } from '../support/marquez-shapes.ts'
import { pythonWith, runPython } from '../support/python-venv.ts'
import { sendTexts } from '../support/send-texts.ts'

/** The last version of Marquez's own client for Python; it needs `pytz` and does not say so, and `generate` of the older pyrfc3339. */
const packages = ['marquez-python==0.50.0', 'pyrfc3339<2', 'pytz']

/** Reads all that the client can read, from the namespaces down, and tags what it finds. */
const script = `
import json, sys
from marquez_client import MarquezClient

client = MarquezClient(url=sys.argv[1])
found = {'namespaces': client.list_namespaces()['namespaces'], 'sources': client.list_sources()['sources'], 'jobs': [], 'datasets': [], 'runs': [], 'versions': [], 'columns': []}
for namespace in [n['name'] for n in found['namespaces']]:
    assert client.get_namespace(namespace)['name'] == namespace
    for job in client.list_jobs(namespace, limit=10)['jobs']:
        found['jobs'].append(client.get_job(namespace, job['name']))
        for run in client.list_job_runs(namespace, job['name'])['runs'][:2]:
            found['runs'].append(client.get_job_run(run['id']))
    for dataset in client.list_datasets(namespace, limit=10)['datasets']:
        name = dataset['name']
        found['datasets'].append(client.get_dataset(namespace, name))
        for version in client.list_dataset_versions(namespace, name)['versions'][:1]:
            found['versions'].append(client.get_dataset_version(namespace, name, version['version']))
        found['columns'].append(client.get_column_lineage_by_dataset(namespace, name, with_downstream=True))
for source in found['sources']:
    assert client.get_source(source['name'])['name'] == source['name']
dataset = found['datasets'][0]
found['tag'] = client.create_tag('PII', 'about people')
found['tagged'] = client.tag_dataset(dataset['namespace'], dataset['name'], 'PII')
with_fields = next(d for d in found['datasets'] if d['fields'])
found['fieldTagged'] = client.tag_dataset_field(with_fields['namespace'], with_fields['name'], with_fields['fields'][0]['name'], 'PII')
found['tags'] = client.list_tags()['tags']
node = 'dataset:%s:%s' % (with_fields['namespace'], with_fields['name'])
found['lineage'] = client._get(client._url('/lineage'), params={'nodeId': node, 'depth': 20})
try:
    client.get_job('nowhere', 'nothing')
except Exception as error:
    found['error'] = type(error).__name__
print(json.dumps(found))
`

let collector: Collector
let found: Json

beforeAll(async () => {
  const python = await pythonWith('marquez', packages)
  collector = await startCollector()
  await wipeGraph(collector.graph)
  await sendTexts(collector, fixtureTexts('airflow', 'spark'))
  found = await runPython(python, script, [collector.url])
}, 300_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await collector.close()
})

describe('Marquez’s client for Python', () => {
  it.each([
    ['namespaces', 'MarquezNamespace', 4],
    ['sources', 'MarquezSource', 3],
    ['jobs', 'MarquezJob', 15],
    ['runs', 'MarquezRun', 15],
    ['datasets', 'MarquezDataset', 10],
    ['versions', 'MarquezDatasetVersion', 5],
    ['columns', 'MarquezColumnLineage', 10],
  ])('reads %s, each a %s', (what, schema, atLeast) => {
    expect(found[what].flatMap((one: unknown) => misshapen(one, schema))).toEqual([])
    expect(found[what].length).toBeGreaterThanOrEqual(atLeast)
  })

  it('reads lineage', () => {
    expect(misshapen(found.lineage, 'MarquezLineage')).toEqual([])
    expect(found.lineage.graph.length).toBeGreaterThan(1)
  })

  it('describes a tag, and tags a dataset and a field', () => {
    expect(found.tag).toEqual({ name: 'PII', description: 'about people' })
    expect(found.tagged.tags).toContain('PII')
    expect(found.fieldTagged.fields[0].tags).toEqual(['PII'])
    expect(found.tags).toContainEqual({ name: 'PII', description: 'about people' })
  })

  it('has an error of its own for what is not there', () => {
    expect(found.error).toBe('APIError')
  })
})
