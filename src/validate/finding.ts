import type { ErrorObject } from 'ajv/dist/2020.js'
import { pointerTo } from '../openlineage/json-pointer.ts'

/** One thing that is wrong with an event. */
export interface Finding {
  /** JSON pointer to the value, or to where a missing one would be: `#/job/namespace`. */
  pointer: string
  /** What is to be said of it, short: `is required`. */
  detail: string
}

/** More would not be read: an answer stays short. */
export const findingsMax = 20

/** A key can be as long as the body; a pointer to it is cut here, so that an answer stays short. */
export const pointerCharactersMax = 300

export function toFinding(pointer: string, detail: string): Finding {
  const isShort = pointer.length <= pointerCharactersMax
  return { pointer: isShort ? pointer : `${pointer.slice(0, pointerCharactersMax)}…`, detail }
}

/** Says an error of ajv in our words. `at` points to the value that was checked. */
export function toSchemaFinding(error: ErrorObject, at: string): Finding {
  return toFinding(toPointer(error, at), toDetail(error))
}

function toPointer(error: ErrorObject, at: string): string {
  const pointer = at + error.instancePath
  const missing: unknown = error.params['missingProperty'] ?? error.params['additionalProperty']
  return typeof missing === 'string' ? pointerTo(pointer, missing) : pointer
}

function toDetail({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'dependentRequired':
      return `is required beside ${String(params['property'])}`
    case 'type':
      return `must be ${withArticle(String(params['type']))}`
    case 'enum':
      return `must be one of ${String(params['allowedValues']).replaceAll(',', ', ')}`
    case 'minLength':
      return 'must not be empty'
    case 'maxLength':
      return `must not be longer than ${String(params['limit'])} characters`
    case 'minimum':
      return `must be at least ${String(params['limit'])}`
    case 'additionalProperties':
      return 'is not allowed here'
    case 'format':
      return formatDetails.get(String(params['format'])) ?? 'has the wrong format'
    default:
      return message ?? 'does not match its schema'
  }
}

const formatDetails: ReadonlyMap<string, string> = new Map([
  ['uri', 'is not a URI'],
  ['uuid', 'is not a UUID'],
  ['date-time', 'is not a date and time with a zone'],
])

function withArticle(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}
