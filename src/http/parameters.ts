import { toPointInTime } from '../openlineage/point-in-time.ts'
import type { Instant } from '../openlineage/time.ts'
import { Problem } from './problem.ts'

/** A JSON Schema, as OpenAPI 3.1 shows it. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A parameter of a path or a query: how it is read, and how it is described. One source for both. */
export interface Parameter<T> {
  schema: JsonSchema
  description: string
  isRequired: boolean
  /** Takes every value that the request has of it; undefined for what cannot be understood. */
  read(texts: readonly string[]): T | undefined
  /** What it should have been: `must be a number from 1 to 1000`. */
  expected: string
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>

/** The values that a declaration of parameters gives. */
export type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never
}

/** Any text. */
export function text(description: string): Parameter<string | undefined> {
  return {
    schema: { type: 'string' },
    description,
    isRequired: false,
    read: ([value]) => value,
    expected: 'must be a text',
  }
}

/** A text that has to be there. */
export function requiredText(description: string): Parameter<string> {
  return {
    schema: { type: 'string', minLength: 1 },
    description,
    isRequired: true,
    read: ([value]) => (value === '' ? undefined : value),
    expected: 'must be there',
  }
}

/** Texts: the parameter several times. */
export function texts(description: string, { max }: { max: number }): Parameter<readonly string[]> {
  return {
    schema: { type: 'array', items: { type: 'string' }, maxItems: max },
    description,
    isRequired: false,
    read: (values) => (values.length <= max ? values.filter((value) => value !== '') : undefined),
    expected: `must be given ${max} times at most`,
  }
}

/** A whole number within limits. */
export function wholeNumber(
  description: string,
  { min, max, ...rest }: { min: number; max: number; default: number },
): Parameter<number> {
  return {
    schema: { type: 'integer', minimum: min, maximum: max, default: rest.default },
    description,
    isRequired: false,
    read: ([value]) => {
      if (value === undefined || value === '') return rest.default
      const number = Number(value)
      return Number.isInteger(number) && number >= min && number <= max ? number : undefined
    },
    expected: `must be a whole number from ${min} to ${max}`,
  }
}

/** One of a few words. */
export function choice<T extends string>(
  description: string,
  { of, ...rest }: { of: readonly T[]; default: T },
): Parameter<T> {
  return {
    schema: { type: 'string', enum: of, default: rest.default },
    description,
    isRequired: false,
    read: ([value]) =>
      value === undefined || value === '' ? rest.default : of.find((word) => word === value),
    expected: `must be one of ${of.join(', ')}`,
  }
}

/** Yes or no. */
export function flag(description: string, rest: { default: boolean }): Parameter<boolean> {
  return {
    schema: { type: 'boolean', default: rest.default },
    description,
    isRequired: false,
    read: ([value]) => {
      if (value === undefined) return rest.default
      return value === 'true' || value === '' ? true : value === 'false' ? false : undefined
    },
    expected: 'must be true or false',
  }
}

/** A point in time: an event's time, a day, or how long ago. */
export function pointInTime(description: string): Parameter<Instant | undefined> {
  return {
    schema: { type: 'string', examples: ['2026-11-22T10:30:00Z', '2026-11-22', '24h'] },
    description: `${description} A time such as 2026-11-22T10:30:00Z, a day such as 2026-11-22, or how long ago: 90m, 24h, 7d.`,
    isRequired: false,
    read: ([value = '']) => (value === '' ? undefined : toPointInTime(value, Date.now())),
    expected:
      'must be a time such as 2026-11-22T10:30:00Z, a day such as 2026-11-22, or how long ago: 90m, 24h, 7d',
  }
}

const nameCharsMax = 50

/**
 * Reads what a request says of its parameters.
 * @throws {Problem} `request-invalid` for a value that cannot be understood, one that is missing, and one that nobody knows
 */
export function readParameters<P extends Parameters>(
  parameters: P,
  valuesOf: (name: string) => readonly string[],
  names: readonly string[],
): ValuesOf<P> {
  const strange = names.find((name) => !Object.hasOwn(parameters, name))
  if (strange !== undefined) {
    const known = Object.keys(parameters).join(', ')
    const detail = `There is no parameter ${JSON.stringify(strange.slice(0, nameCharsMax))}. Known are ${known || 'none'}.`
    throw new Problem('request-invalid', { detail })
  }
  const entries = Object.entries(parameters).map(([name, parameter]) => {
    const said = valuesOf(name)
    const value = parameter.read(said)
    const isMissing = value === undefined && (parameter.isRequired || said.some((one) => one !== ''))
    if (isMissing) throw new Problem('request-invalid', { detail: `${name} ${parameter.expected}.` })
    return [name, value] as const
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets which parameter made which value
  return Object.fromEntries(entries) as ValuesOf<P>
}
