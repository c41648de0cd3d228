import { isJsonObject, readText } from '../openlineage/json-object.ts'
import { toContentKey } from '../openlineage/keys.ts'

/** What people may hide or tag. */
export type ChangedThing =
  | { kind: 'job' | 'dataset'; namespace: string; name: string }
  | { kind: 'field'; namespace: string; name: string; field: string }

/** What people say of one thing: of a tag and a thing the newest counts. */
export type PeopleChange =
  | { kind: 'HIDDEN'; thing: ChangedThing }
  | { kind: 'TAGGED' | 'UNTAGGED'; thing: ChangedThing; tag: string }
  | { kind: 'TAG_DESCRIBED'; tag: string; description: string }

/** The `payload` of a Change. */
export function toPayload(change: PeopleChange): string {
  const { kind: _kind, ...payload } = change
  return JSON.stringify(payload)
}

/** What a Change says; undefined for one of another kind, or one that cannot be read. */
export function readPeopleChange({
  kind,
  payload,
}: {
  kind: string
  payload: string
}): PeopleChange | undefined {
  const content = parse(payload)
  const tag = readText(content, ['tag'])
  if (kind === 'TAG_DESCRIBED') {
    return tag === undefined
      ? undefined
      : { kind, tag, description: readText(content, ['description']) ?? '' }
  }
  const thing = readThing(isJsonObject(content) ? content['thing'] : undefined)
  if (thing === undefined) return undefined
  if (kind === 'HIDDEN') return { kind, thing }
  return (kind === 'TAGGED' || kind === 'UNTAGGED') && tag !== undefined ? { kind, thing, tag } : undefined
}

/** By which all that people have said of a thing is found: `about` of a Change. */
export function aboutOf(thing: ChangedThing): string {
  const { kind, namespace, name } = thing
  return toContentKey(JSON.stringify([kind, namespace, name, ...(kind === 'field' ? [thing.field] : [])]))
}

/** `about` of a Change; undefined where it is about no thing. */
export function aboutOfChange(change: { kind: string; payload: string }): string | undefined {
  const said = readPeopleChange(change)
  return said === undefined || said.kind === 'TAG_DESCRIBED' ? undefined : aboutOf(said.thing)
}

function readThing(value: unknown): ChangedThing | undefined {
  const [kind, namespace, name] = [
    readText(value, ['kind']),
    readText(value, ['namespace']),
    readText(value, ['name']),
  ]
  if (namespace === undefined || name === undefined) return undefined
  if (kind === 'job' || kind === 'dataset') return { kind, namespace, name }
  const field = readText(value, ['field'])
  return kind === 'field' && field !== undefined ? { kind, namespace, name, field } : undefined
}

function parse(payload: string): unknown {
  try {
    const content: unknown = JSON.parse(payload)
    return content
  } catch {
    return undefined
  }
}
