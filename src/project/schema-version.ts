import { toCanonicalJson } from '../openlineage/canonical-json.ts'
import type { SchemaDatasetFacet, SchemaField } from '../openlineage/facet-types.ts'
import { toContentKey, type EntityKey } from '../openlineage/keys.ts'
import { createMemo } from './memo.ts'

/**
 * A longer path would not fit the index of fields, whose keys end near 8 KB and hold the dataset's name as well; such a field stays
 * in its facet only.
 */
export const FIELD_PATH_BYTES_MAX = 3584

export interface SchemaVersion {
  key: string
  /** JSON of the fields as stated: name, type, description, position, nested fields. */
  fields: string
}

/** One column, nested ones by their path `a.b`. */
export interface FieldAttributes {
  name: string
  type: string | null
  description: string | null
  /** Position among its siblings, from 1. */
  ordinal: number
}

/**
 * The version of a schema by its content: the order of the fields alone makes no other version.
 * @returns undefined where no fields are stated, as Spark does on DROP
 */
export function toSchemaVersion(dataset: EntityKey, facet: SchemaDatasetFacet): SchemaVersion | undefined {
  const fields = facet.fields ?? []
  if (fields.length === 0) return undefined
  const key = toContentKey(`${dataset} ${toCanonicalJson(fields.map(toUnordered).toSorted())}`)
  return { key, fields: JSON.stringify(fields.map(toStated)) }
}

const schemasRemembered = 2000
/** By the schema's text: the same ones come with every run. */
const memo = createMemo<ReadonlyMap<string, FieldAttributes>>(schemasRemembered)

/** All fields of a SchemaVersion, nested ones behind the field that holds them. Of two with one path the later counts. */
export function toFieldAttributes(fieldsJson: string): ReadonlyMap<string, FieldAttributes> {
  return memo(fieldsJson, () => readFieldAttributes(fieldsJson))
}

function readFieldAttributes(fieldsJson: string): Map<string, FieldAttributes> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own text, written by toSchemaVersion
  const fields = JSON.parse(fieldsJson) as SchemaField[]
  const attributes = new Map<string, FieldAttributes>()
  collect(fields, { prefix: '', into: attributes })
  return attributes
}

/** Each field as `path type`, sorted: lists that Cypher can compare. */
export function toColumnList(fieldsJson: string): string[] {
  return [...toFieldAttributes(fieldsJson).values()]
    .map(({ name, type }) => (type === null ? name : `${name} ${type}`))
    .toSorted()
}

/** Whether a field can have a node. */
export function isIndexablePath(path: string): boolean {
  if (path === '') return false
  return path.length <= FIELD_PATH_BYTES_MAX / 4 || Buffer.byteLength(path) <= FIELD_PATH_BYTES_MAX
}

function collect(
  fields: SchemaField[],
  { prefix, into }: { prefix: string; into: Map<string, FieldAttributes> },
): void {
  for (const [index, field] of fields.entries()) {
    const name = prefix + field.name
    const { type = null, description = null, ordinal_position: ordinal = index + 1 } = field
    if (isIndexablePath(name)) into.set(name, { name, type, description, ordinal })
    collect(field.fields ?? [], { prefix: `${name}.`, into })
  }
}

function toUnordered({ name, type, description, fields }: SchemaField): string {
  return toCanonicalJson({ name, type, description, fields: fields?.map(toUnordered).toSorted() })
}

function toStated({ name, type, description, ordinal_position, fields }: SchemaField): SchemaField {
  return {
    name,
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(ordinal_position === undefined ? {} : { ordinal_position }),
    ...(fields === undefined ? {} : { fields: fields.map(toStated) }),
  }
}
