const uuidPattern = /^(?:urn:uuid:)?([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})$/i

/** Whether the text is a UUID of any version, in either case, with or without `urn:uuid:`. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

/** Characters of a runId; a longer one is refused. */
export const RUN_ID_LENGTH_MAX = 256

export function isRunId(text: string): boolean {
  return text !== '' && text.length <= RUN_ID_LENGTH_MAX
}

/** One spelling for each run: a UUID in lower case without `urn:uuid:`. Other texts stay as they are. */
export function normaliseRunId(text: string): string {
  return uuidPattern.exec(text)?.[1]?.toLowerCase() ?? text
}
