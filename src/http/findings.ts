/** One thing found in a body: where, as a JSON pointer, and what. */
export interface Finding {
  pointer: string
  detail: string
}

const findingsListedMax = 10
const findingCharsMax = 200

/** The first findings, each cut to a readable length, and how many more there are: clients put answers into their logs. */
export function toShortList(findings: readonly Finding[]): { listed: Finding[]; more: number } {
  const listed = findings
    .slice(0, findingsListedMax)
    .map(({ pointer, detail }) => ({ pointer: cut(pointer), detail: cut(detail) }))
  return { listed, more: findings.length - listed.length }
}

function cut(text: string): string {
  return text.length > findingCharsMax ? `${text.slice(0, findingCharsMax - 1)}…` : text
}
