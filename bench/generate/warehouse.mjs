import { aFacet, toPadded } from './envelope.mjs'
import { pick, randomOf } from './random.mjs'

const layerNames = ['raw', 'stg', 'ods', 'int', 'core', 'dim', 'fct', 'agg', 'mart', 'rpt']
const typeText = 'BIGINT INTEGER VARCHAR(255) TIMESTAMP DATE DECIMAL(18,2) BOOLEAN DOUBLE TEXT'
const wordText =
  'order customer account product invoice payment shipment session campaign region store supplier ticket price margin stock'
const attributeText =
  'id key name amount status created_at updated_at code type count total flag ratio date ref'
const [types, words, attributes] = [typeText, wordText, attributeText].map((text) => text.split(' '))

const fieldsMin = 10
const fieldsSpread = 21
const inputsMax = 4
const inputTries = 20
const sourcesOfFieldMax = 3
/** So much of the inputs is of the layer right below; the rest is of any layer below. */
const nextLayerShare = 0.8
/** So much of the inputs lies in the same part of its layer, as a subject area does. */
const nearShare = 0.7
const nearSpread = { min: 4, share: 0.05 }

/**
 * A warehouse of layers: each job reads up to four datasets of the layers below and writes one of its own.
 * Datasets and jobs only; what they send is in warehouse-events.mjs.
 */
export function createWarehouse(parameters) {
  const { jobs: jobCount, layers, sources, prefix } = parameters
  const world = {
    parameters,
    datasetNamespace: `${prefix}postgres://warehouse.example:5432`,
    jobNamespace: `${prefix}warehouse`,
    datasets: [],
    byLayer: Array.from({ length: layers }, () => []),
    jobs: [],
  }
  for (let index = 0; index < sources; index += 1) addDataset(world, 0, index)
  const jobsOfLayer = Math.ceil(jobCount / (layers - 1))
  for (let number = 0; number < jobCount; number += 1) addJob(world, number, jobsOfLayer)
  return world
}

function addDataset(world, layer, index) {
  const random = randomOf(world.parameters.seed, `ds/${layer}/${index}`)
  const fields = toFields(random)
  const layerName = layerNames[layer] ?? `l${layer}`
  const name = `dwh.${layerName}.${pick(random, words)}_${toPadded(index)}`
  const facets = {
    schema: aFacet('SchemaDatasetFacet', { fields }),
    dataSource: aFacet('DatasourceDatasetFacet', {
      name: world.datasetNamespace,
      uri: world.datasetNamespace,
    }),
  }
  const dataset = { name, fields, facets }
  world.datasets.push(dataset)
  world.byLayer[layer].push(dataset)
  return dataset
}

function toFields(random) {
  const count = fieldsMin + Math.floor(random() * fieldsSpread)
  const fields = []
  const taken = new Set()
  while (fields.length < count) {
    const plain = `${pick(random, words)}_${pick(random, attributes)}`
    const name = taken.has(plain) ? `${plain}_${fields.length}` : plain
    taken.add(name)
    fields.push({ name, type: pick(random, types), description: `${name.replaceAll('_', ' ')} of the row` })
  }
  return fields
}

function addJob(world, number, jobsOfLayer) {
  const { dagSize, seed } = world.parameters
  const layer = 1 + Math.floor(number / jobsOfLayer)
  const random = randomOf(seed, `job/${number}`)
  const inputs = toInputs(world, random, { layer, position: (number % jobsOfLayer) / jobsOfLayer })
  const output = addDataset(world, layer, number % jobsOfLayer)
  const columnLineage = toColumnLineage(world, random, { inputs, output })
  const dag = Math.floor(number / dagSize)
  const dagName = toDagName(dag)
  world.jobs.push({
    number,
    layer,
    dag,
    dagName,
    name: `${dagName}.load_${output.name.replace('dwh.', '').replace('.', '_')}`,
    inputs,
    output,
    columnLineage,
    facets: {
      sql: aFacet('SQLJobFacet', { query: toSql({ inputs, output, columnLineage }) }),
      jobType: aFacet('JobTypeJobFacet', {
        processingType: 'BATCH',
        integration: 'SPARK',
        jobType: 'SQL_JOB',
      }),
    },
  })
}

export function toDagName(dag) {
  return `dag_${toPadded(dag, 4)}`
}

function toInputs({ byLayer }, random, { layer, position }) {
  const inputs = new Set()
  const wanted = 1 + Math.floor(random() * inputsMax)
  for (let tries = 0; inputs.size < wanted && tries < inputTries; tries += 1) {
    const pool = byLayer[random() < nextLayerShare ? layer - 1 : Math.floor(random() * layer)]
    const place =
      random() < nearShare
        ? Math.floor(
            position * pool.length +
              (random() - 0.5) * Math.max(nearSpread.min, pool.length * nearSpread.share),
          )
        : Math.floor(random() * pool.length)
    inputs.add(pool[Math.min(pool.length - 1, Math.max(0, place))])
  }
  return [...inputs]
}

function toColumnLineage({ datasetNamespace }, random, { inputs, output }) {
  const lineage = {}
  for (const field of output.fields) {
    const inputFields = []
    const count = 1 + Math.floor(random() * sourcesOfFieldMax)
    const subtype = count > 1 ? 'TRANSFORMATION' : 'IDENTITY'
    for (let index = 0; index < count; index += 1) {
      const { name, fields } = pick(random, inputs)
      const column = pick(random, fields).name
      if (inputFields.some((other) => other.name === name && other.field === column)) continue
      const transformations = [{ type: 'DIRECT', subtype, description: '', masking: false }]
      inputFields.push({ namespace: datasetNamespace, name, field: column, transformations })
    }
    lineage[field.name] = { inputFields }
  }
  return lineage
}

function toSql({ inputs, output, columnLineage }) {
  const columns = output.fields.map(({ name }) => name)
  const sources = Object.values(columnLineage).map(
    ({ inputFields: [first] }) => `${toAlias(first.name)}.${first.field}`,
  )
  const tables = inputs.map(({ name }) => `${name} AS ${toAlias(name)}`)
  return `INSERT INTO ${output.name} (${columns.join(', ')})\nSELECT ${sources.join(', ')}\nFROM ${tables.join(' JOIN ')}`
}

function toAlias(name) {
  return name.split('.')[2]
}
