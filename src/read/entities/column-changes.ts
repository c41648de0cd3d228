import { isJsonObject, readObjects, readText } from '../../openlineage/json-object.ts'

/** Columns by their path, nested ones as `a.b`, with their types; `''` where none is stated. */
export type Columns = ReadonlyMap<string, string>

export interface ColumnChanges {
  added: { name: string; type?: string }[]
  removed: { name: string; type?: string }[]
  retyped: { name: string; from: string; to: string }[]
}

/** The columns of a SchemaVersion's `fields`. */
export function toColumns(fieldsJson: string | undefined): Columns {
  const columns = new Map<string, string>()
  if (fieldsJson === undefined) return columns
  const fields: unknown = JSON.parse(fieldsJson)
  collect(Array.isArray(fields) ? fields.filter(isJsonObject) : [], '', columns)
  return columns
}

function collect(fields: readonly Record<string, unknown>[], prefix: string, into: Map<string, string>) {
  for (const field of fields) {
    const name = prefix + (readText(field, ['name']) ?? '')
    into.set(name, readText(field, ['type']) ?? '')
    collect(readObjects(field, 'fields'), `${name}.`, into)
  }
}

/** What became of columns from one schema to another. The order of columns is no change. */
export function toColumnChanges({ from, to }: { from: Columns; to: Columns }): ColumnChanges {
  return {
    added: [...to].filter(([name]) => !from.has(name)).map(toTyped),
    removed: [...from].filter(([name]) => !to.has(name)).map(toTyped),
    retyped: [...to].flatMap(([name, type]) => {
      const before = from.get(name)
      return before === undefined || before === type ? [] : [{ name, from: before, to: type }]
    }),
  }
}

/** Whether the schemas differ in more than descriptions. */
export function isChange({ added, removed, retyped }: ColumnChanges): boolean {
  return added.length + removed.length + retyped.length > 0
}

function toTyped([name, type]: [string, string]): { name: string; type?: string } {
  return type === '' ? { name } : { name, type }
}

/** Columns as answers list them. */
export function toColumnList(fieldsJson: string | undefined): { name: string; type?: string }[] {
  return [...toColumns(fieldsJson)].map(toTyped)
}
