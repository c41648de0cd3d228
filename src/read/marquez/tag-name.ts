import { Problem } from '../../http/problem.ts'
import { isTooLong } from '../../openlineage/keys.ts'

/** @throws {Problem} `request-invalid` for a tag that no index takes */
export function refuseLongTag(tag: string): void {
  if (isTooLong({ namespace: '', name: tag }))
    throw new Problem('request-invalid', { detail: 'The tag is too long.' })
}
