import type { JsonObject } from '../../src/openlineage/events.ts'
import { objectsOf, textOf } from './json.ts'
import { type Name, nameOf } from './said.ts'

/** An edge of a job's structure, or one that a DatasetEvent declares. */
export interface Edge {
  /** Its ends, and what there may be several of between them: `s3/a FEEDS s3/b`, `s3/a#x FEEDS s3/b#x DIRECT IDENTITY`. */
  subject: string
  derivation?: Derivation
  masking?: boolean
  description?: string | undefined
}

const derivations = ['EXPLICIT', 'COLUMN', 'IO'] as const
export type Derivation = (typeof derivations)[number]

/**
 * Each edge once: the strongest derivation, masking if any masks, and the greatest description, for the pages prefer none of several.
 */
export function uniteEdges(edges: readonly Edge[]): Edge[] {
  const subjects = [...new Set(edges.map(({ subject }) => subject))]
  return subjects.map((subject) => {
    const same = edges.filter((edge) => edge.subject === subject)
    const derivation = derivations.find((one) => same.some((edge) => edge.derivation === one))
    return {
      subject,
      ...(derivation === undefined ? {} : { derivation }),
      masking: same.some(({ masking }) => masking === true),
      description: same
        .flatMap(({ description }) => description ?? [])
        .toSorted()
        .at(-1),
    }
  })
}

/** What flows between columns, or between a job and anything: an edge for each transformation, or one for the usual kind. */
export function transformedEdges(
  what: string,
  derivation: Derivation,
  transformations: readonly JsonObject[],
): Edge[] {
  return transformations.map((transformation) => {
    const [type, subtype] = ['type', 'subtype'].map((key) => textOf(transformation[key]))
    return {
      subject: [what, type, subtype].filter((part) => part !== undefined).join(' '),
      derivation,
      masking: transformation['masking'] === true,
      description: textOf(transformation['description']),
    }
  })
}

/** The transformations that are told, or the usual one. */
export function transformationsOf(source: JsonObject, usual: JsonObject): JsonObject[] {
  const told = objectsOf(source['transformations'])
  return told.length > 0 ? told : [usual]
}

/** The name that an object of a facet gives; undefined where it gives none. */
export function namedIn(object: JsonObject | undefined): Name | undefined {
  const [namespace, name] = [textOf(object?.['namespace']), textOf(object?.['name'])]
  return namespace === undefined || name === undefined ? undefined : nameOf({ namespace, name })
}
