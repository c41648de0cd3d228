import type { Parameter } from '../../http/parameters.ts'

const rowsMax = 1000
const offsetMax = 1_000_000_000

/** A number as clients of Marquez send it: what is larger than we give is cut, not refused. */
export function number(
  description: string,
  { min = 0, max, ...rest }: { min?: number; max: number; default: number },
): Parameter<number> {
  return {
    schema: { type: 'integer', minimum: min, maximum: max, default: rest.default },
    description,
    isRequired: false,
    read: ([value = '']) => {
      if (value === '') return rest.default
      const read = Number(value)
      return Number.isInteger(read) ? Math.min(Math.max(read, min), max) : undefined
    },
    expected: 'must be a whole number',
  }
}

/** Yes or no, in whatever case: Python writes `False`. */
export function yesOrNo(description: string): Parameter<boolean> {
  return {
    schema: { type: 'boolean', default: false },
    description,
    isRequired: false,
    read: ([value = '']) => value.toLowerCase() === 'true',
    expected: 'must be true or false',
  }
}

/** A page by its offset. */
export const offsetPage = {
  limit: number('Entries of a page; 1,000 at most.', { max: rowsMax, default: 100 }),
  offset: number('Entries to leave out before it.', { max: offsetMax, default: 0 }),
}
