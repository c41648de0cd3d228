import { isUuid } from '../openlineage/run-id.ts'
import { hasZone, toInstant } from '../openlineage/time.ts'

/** Whether the text has a scheme and no blanks. Formats only warn: more precision would not help anyone. */
export function isUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:\S+$/i.test(text)
}

/** The formats our schemas use. */
export const formats = {
  uri: isUri,
  uuid: isUuid,
  'date-time': (text: string): boolean => toInstant(text) !== undefined && hasZone(text),
}
