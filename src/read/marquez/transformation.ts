import { textOrNull } from './marquez-values.ts'

/** How a column is made of another, in the two words that Marquez has for it: `IDENTITY`, or `INDIRECT/FILTER`. */
export function toTransformation({ type, subtype, description }: Record<string, unknown>): {
  transformationDescription: string | null
  transformationType: string | null
} {
  const [kind, exact] = [textOrNull(type), textOrNull(subtype)]
  const transformationType = kind === 'INDIRECT' && exact !== null ? `${kind}/${exact}` : (exact ?? kind)
  return { transformationDescription: textOrNull(description), transformationType }
}
