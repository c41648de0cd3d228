/** A setting as the README lists it. */
export interface SettingLine {
  name: string
  defaultText: string
  sentence: string
}

/** A setting, and how its value is read: `read` throws a sentence for what cannot be understood. */
export interface Setting<T> extends SettingLine {
  read(value: string): T
}

export function text(name: string, defaultValue: string, sentence: string): Setting<string> {
  return { name, defaultText: defaultValue, sentence, read: (value) => value || defaultValue }
}

/** An address that starts with http:// or https://; empty by default. */
export function httpUrl(name: string, sentence: string): Setting<string> {
  const read = (value: string) => {
    if (value === '' || (/^https?:\/\//i.test(value) && URL.canParse(value))) return value
    throw new Error(`${name} must be a URL that begins with http:// or https://, not "${value}".`)
  }
  return { name, defaultText: '', sentence, read }
}

export function list(name: string, sentence: string): Setting<readonly string[]> {
  return { name, defaultText: '', sentence, read: readList }
}

function readList(value: string): readonly string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Patterns of names: words, with `*` for any letters. There are too many by default for a table. */
export function patterns(
  name: string,
  defaultValue: readonly string[],
  sentence: string,
): Setting<readonly string[]> {
  const read = (value: string) => {
    const items = value === '' ? defaultValue : readList(value)
    const strange = items.find((item) => !/[a-z0-9]/i.test(item))
    if (strange === undefined) return items
    throw new Error(`${name} must be patterns that have letters or digits in them, not "${strange}".`)
  }
  return { name, defaultText: '', sentence, read }
}

export function flag(name: string, sentence: string, { isOn = false } = {}): Setting<boolean> {
  const read = (value: string) => {
    if (value === '') return isOn
    if (['0', 'false', 'no'].includes(value.toLowerCase())) return false
    if (['1', 'true', 'yes'].includes(value.toLowerCase())) return true
    throw new Error(`${name} must be 1 or 0, not "${value}".`)
  }
  return { name, defaultText: isOn ? '1' : '0', sentence, read }
}

export function choice<T extends string>(
  name: string,
  defaultValue: T,
  allowed: readonly T[],
  sentence: string,
): Setting<T> {
  const read = (value: string) => {
    if (value === '') return defaultValue
    const found = allowed.find((candidate) => candidate === value)
    if (found === undefined) throw new Error(`${name} must be one of ${allowed.join(', ')}, not "${value}".`)
    return found
  }
  return { name, defaultText: defaultValue, sentence, read }
}

export function integer(
  name: string,
  defaultValue: number,
  sentence: string,
  { min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
): Setting<number> {
  const read = (value: string) => {
    if (value === '') return defaultValue
    const number = Number(value)
    if (Number.isSafeInteger(number) && number >= min && number <= max) return number
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
    throw new Error(`${name} must be a whole number ${range}, not "${value}".`)
  }
  return { name, defaultText: String(defaultValue), sentence, read }
}

/** A number whose default depends on other settings: the sentence tells how. */
export function optionalInteger(
  name: string,
  sentence: string,
  range: { min: number; max?: number },
): Setting<number | undefined> {
  const given = integer(name, range.min, sentence, range)
  return { name, defaultText: '', sentence, read: (value) => (value === '' ? undefined : given.read(value)) }
}
