/** Whether a name looks like that of a secret. */
export type NameTest = (name: string) => boolean

/**
 * Tells names by patterns of words: `key` is in `aws_secret_key`, `fs.account.key.x` and `apiKey`, and not in `monkey` or `keyboard`;
 * `*token` is also in `authtoken`. Case does not count, nor what stands between words.
 */
export function toNameTest(patterns: readonly string[]): NameTest {
  if (patterns.length === 0) return () => false
  const alternatives = patterns.map((pattern) => toWords(pattern).replaceAll('*', '[a-z0-9]*'))
  const test = new RegExp(`(?:^|_)(?:${alternatives.join('|')})(?:_|$)`)
  const known = new Map<string, boolean>()
  return (name) => {
    // A text with an equals sign is a URL or an expression.
    if (name.length > nameCharsMax || name.includes('=')) return false
    const before = known.get(name)
    if (before !== undefined) return before
    const isSecret = test.test(toWords(name.replaceAll('*', ' ')))
    if (known.size >= namesKnownMax) known.clear()
    known.set(name, isSecret)
    return isSecret
  }
}

/** Longer ones are no names. */
const nameCharsMax = 200
/** The same names come with every event. */
const namesKnownMax = 2000

/** A part of a regular expression that is in every text that has such a name, and in few others. */
export function toNameTrace(pattern: string): string {
  const words = toWords(pattern)
    .split('_')
    .map((word) => word.replaceAll('*', ''))
  return words.filter((word) => word !== '').join('[^a-z0-9"]{0,3}')
}

/** `fs.azure.accountKey` and `FS_AZURE_ACCOUNT_KEY` are the same words: `fs_azure_account_key`. */
function toWords(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9*]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
}
