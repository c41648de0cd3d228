import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FacetLocation } from '../../../src/openlineage/facets.ts'
import { isJsonObject } from '../../../src/openlineage/json-object.ts'
import { toInstant } from '../../../src/openlineage/time.ts'

export type IsValid = (value: unknown) => boolean

/** The official schema of a facet at one place. */
export interface OfficialFacet {
  where: FacetLocation
  key: string
  /** The schema's file without its ending: examples lie in a folder of that name. */
  file: string
  isValid: IsValid
}

export interface OfficialExample {
  /** The folder it lies in: the name of a facet's schema, or empty for a whole event. */
  facetFile: string
  name: string
  value: unknown
}

export interface OfficialSpec {
  /** The core schema: any of the three kinds of event. */
  isValidEvent: IsValid
  facets: OfficialFacet[]
  examples: OfficialExample[]
  /** Every name under `properties` in the schemas of the facets. */
  propertyNames: Set<string>
}

const baseLocations = new Map<string, FacetLocation>([
  ['RunFacet', 'run'],
  ['JobFacet', 'job'],
  ['DatasetFacet', 'dataset'],
  ['InputDatasetFacet', 'input'],
  ['OutputDatasetFacet', 'output'],
])

/**
 * Reads and compiles the official schemas. Formats are left out, as ours only warn of them, except that the
 * time of an event is one we can read.
 */
export function readOfficialSpec(folder: URL): OfficialSpec {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.json'),
  )
  const read = (path: string): Record<string, unknown> => readObject(new URL(path, folder))
  const facetPaths = paths.filter((path) => /(?:^|\/)facets\/\w+\.json$/.test(path))
  const formats = {
    'date-time': (text: string) => toInstant(text) !== undefined,
    uri: true,
    uuid: true,
  } as const
  const coreAjv = new Ajv2020({ strict: false, formats })
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const core = read('OpenLineage.json')
  ajv.addSchema(core)
  const schemas = facetPaths.map((path) => ({ file: path.replace(/^.*\/|\.json$/g, ''), schema: read(path) }))
  for (const { schema } of schemas) ajv.addSchema(schema)
  return {
    isValidEvent: toIsValid(coreAjv.compile(core)),
    facets: schemas.flatMap(({ file, schema }) =>
      placesOf(schema).map(({ where, key, reference }) => ({
        where,
        key,
        file,
        isValid: toIsValid(ajv.compile({ $ref: reference })),
      })),
    ),
    examples: paths
      .filter((path) => path.startsWith('tests/'))
      .map((path) => ({ facetFile: path.split('/').slice(1, -1).join('/'), name: path, value: read(path) })),
    propertyNames: new Set(schemas.flatMap(({ schema }) => propertyNamesIn(schema['$defs']))),
  }
}

/** Every name under `properties`, at any depth. */
export function propertyNamesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const names = keyword === 'properties' && isJsonObject(value) ? Object.keys(value) : []
    return names.concat(propertyNamesIn(value))
  })
}

export function readObject(file: URL): Record<string, unknown> {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isJsonObject(value)) throw new Error(`${file.href} holds no object`)
  return value
}

/** A definition that stands on one of the five base facets is a facet; the file's only property is its key. */
function placesOf(
  schema: Record<string, unknown>,
): { where: FacetLocation; key: string; reference: string }[] {
  const [key] = Object.keys(isJsonObject(schema['properties']) ? schema['properties'] : {})
  const definitions = Object.entries(isJsonObject(schema['$defs']) ? schema['$defs'] : {})
  if (key === undefined) throw new Error(`${String(schema['$id'])} names no facet`)
  return definitions.flatMap(([name, definition]) => {
    const base = /^\{"allOf":\[\{"\$ref":"[^"]*#\/\$defs\/(\w+)"\}/.exec(
      JSON.stringify({ allOf: isJsonObject(definition) ? definition['allOf'] : [] }),
    )?.[1]
    const where = baseLocations.get(base ?? '')
    return where === undefined ? [] : [{ where, key, reference: `${String(schema['$id'])}#/$defs/${name}` }]
  })
}

function toIsValid(validate: (value: unknown) => unknown): IsValid {
  return (value) => validate(value) === true
}
