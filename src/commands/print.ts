/** What a command writes to stdout: its result, and nothing else. Whoever reads it may leave early, as `head` does. */
export function createPrinter(stdout: NodeJS.WritableStream): (text: string) => void {
  let isHeard = true
  stdout.on('error', () => {
    isHeard = false
  })
  return (text) => {
    if (isHeard) stdout.write(`${text}\n`)
  }
}

/** A text that cannot move the terminal's cursor: lines stay, other control characters go. */
export function toPrintable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]+/gu, ' ')
}
