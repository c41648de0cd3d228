/** What a parser of JSON gives: a test says with its expectations what it is. */
export type Json = ReturnType<typeof JSON.parse>
