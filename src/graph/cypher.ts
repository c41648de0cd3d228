declare const isStatement: unique symbol

/** A Cypher statement out of this tag, and nothing else: no value can slip into it. */
export type Statement = string & { readonly [isStatement]: true }

/** Marks a Cypher statement. It takes no `${}`: values go in as parameters. */
export function cypher(strings: TemplateStringsArray): Statement {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where statements are made
  return strings.join('') as Statement
}
