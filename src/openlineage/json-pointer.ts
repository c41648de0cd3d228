/**
 * One step further down a JSON pointer (RFC 6901): `pointerTo('#/run/facets', 'a/b')` is `#/run/facets/a~1b`.
 * Characters stay readable: nothing is percent-encoded.
 */
export function pointerTo(parent: string, step: string | number): string {
  return `${parent}/${escapeStep(String(step))}`
}

function escapeStep(step: string): string {
  return /[~/]/.test(step) ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step
}
