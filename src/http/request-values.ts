import type { IncomingMessage } from 'node:http'
import { Problem } from './problem.ts'

/** The query of a request's URL. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  const { url = '' } = request
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
}

export interface ValueReading<T> {
  /** Undefined for what cannot be understood. */
  parse: (text: string) => T | undefined
  /** What it should have been: `must be a number from 1 to 1000`. */
  expected: string
}

/**
 * The value of a parameter; undefined where it is absent or empty.
 * @throws {Problem} `request-invalid`
 */
export function readValue<T>(
  query: URLSearchParams,
  name: string,
  { parse, expected }: ValueReading<T>,
): T | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  const value = parse(text)
  if (value === undefined) throw new Problem('request-invalid', { detail: `${name} ${expected}.` })
  return value
}

/** @throws {Problem} `request-invalid` for a parameter that nobody knows, which is most likely a misspelt one */
export function refuseOthers(query: URLSearchParams, known: readonly string[]): void {
  const strange = [...query.keys()].find((name) => !known.includes(name))
  if (strange === undefined) return
  const detail = `There is no parameter ${JSON.stringify(strange.slice(0, nameCharsMax))}. Known are ${known.join(', ')}.`
  throw new Problem('request-invalid', { detail })
}

const nameCharsMax = 50

/** A whole number within limits. */
export function wholeNumber({ min, max }: { min: number; max: number }): ValueReading<number> {
  return {
    parse: (text) => {
      const number = Number(text)
      return Number.isInteger(number) && number >= min && number <= max ? number : undefined
    },
    expected: `must be a whole number from ${min} to ${max}`,
  }
}
