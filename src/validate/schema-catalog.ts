import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020, type AnySchemaObject, type ErrorObject, type Options } from 'ajv/dist/2020.js'
import { type FacetLocation, standardFacets } from '../openlineage/facets.ts'
import { formats } from './formats.ts'

export type EventKind = 'RunEvent' | 'JobEvent' | 'DatasetEvent'

/** What a schema finds wrong with a value; nothing, if it matches. */
export type Check = (value: unknown) => readonly ErrorObject[]

export interface FacetCheck {
  /** Structure and formats. Ends at the first error, of either. */
  readonly whole: Check
  /** Structure alone. Ends at the first error. */
  readonly structure: Check
}

export interface SchemaCatalog {
  /** Structure of an event, all errors: give it short lists, or it finds as many errors as there are items. */
  readonly events: Readonly<Record<EventKind, Check>>
  readonly inputDataset: Check
  readonly outputDataset: Check
  /** The schema of a standard facet, undefined for other keys or another place. */
  findFacet(where: FacetLocation, key: string): FacetCheck | undefined
  /** What every facet of that place must say. */
  readonly baseFacets: Readonly<Record<FacetLocation, FacetCheck>>
}

/** Beside `src/` and beside `dist/`: it is found from both. */
const schemasFolder = new URL('../../schemas/', import.meta.url)

/** Reads and compiles `schemas/`. It takes a while: once at start. */
export function createSchemaCatalog(): SchemaCatalog {
  const schemas = readSchemas()
  const checkEvent = createCompiler(schemas, { allErrors: true, validateFormats: false })
  const checkWhole = createCompiler(schemas, { formats })
  const checkStructure = createCompiler(schemas, { validateFormats: false })
  const checkFacet = (path: string): FacetCheck => ({
    whole: checkWhole(path),
    structure: checkStructure(path),
  })
  const facets = new Map(
    standardFacets.map(({ where, key }) => [`${where}/${key}`, checkFacet(`facets/${where}/${key}.json`)]),
  )
  const baseFacet = checkFacet('parts/base-facet.json')
  const staticFacet = checkFacet('parts/static-facet.json')
  return {
    events: {
      RunEvent: checkEvent('events/run-event.json'),
      JobEvent: checkEvent('events/job-event.json'),
      DatasetEvent: checkEvent('events/dataset-event.json'),
    },
    inputDataset: checkEvent('parts/input-dataset.json'),
    outputDataset: checkEvent('parts/output-dataset.json'),
    findFacet: (where, key) => facets.get(`${where}/${key}`),
    baseFacets: {
      run: baseFacet,
      job: staticFacet,
      dataset: staticFacet,
      input: baseFacet,
      output: baseFacet,
    },
  }
}

/** All of `schemas/`, by path. */
export function readSchemas(): ReadonlyMap<string, AnySchemaObject> {
  const paths = readdirSync(schemasFolder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.json'))
  return new Map(
    paths.map((path) => {
      const schema: AnySchemaObject = JSON.parse(readFileSync(new URL(path, schemasFolder), 'utf8'))
      return [path, schema]
    }),
  )
}

/** The schemas refer to each other by relative paths, so that an editor can follow; here they get a base. */
const baseUri = 'schemas:///'

function createCompiler(
  schemas: ReadonlyMap<string, AnySchemaObject>,
  options: Options,
): (path: string) => Check {
  // The branch of a condition may require what the schema around it defines, so strictRequired cannot stay.
  const ajv = new Ajv2020({ ...options, strict: true, strictRequired: false })
  for (const [path, schema] of schemas) ajv.addSchema(schema, baseUri + path)
  return (path) => {
    const validate = ajv.getSchema(baseUri + path)
    if (validate === undefined) throw new Error(`there is no schema ${path}`)
    return (value) => (validate(value) === true ? [] : (validate.errors ?? []))
  }
}
