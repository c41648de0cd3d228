/** What keeps `headwater up` from going on: the message says what is wrong and what to do about it. */
export class LocalError extends Error {
  override readonly name = 'LocalError'
}
