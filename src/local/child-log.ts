import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** A log above this is copied to `<name>.1`, and begins anew. */
const logBytesMax = 32 * 1024 * 1024
const lookEveryMs = 250
const chunkBytes = 64 * 1024

/**
 * The log of a child. The child writes into the file itself: so it does not choke on a pipe that nobody reads any more
 * when we are killed. We read after it.
 */
export class ChildLog {
  readonly #path: string
  readonly #onLine: (line: string) => void
  readonly #timer: NodeJS.Timeout
  readonly #decoder = new StringDecoder('utf8')
  #offset: number
  #begun = ''

  constructor(path: string, onLine: (line: string) => void) {
    this.#path = path
    this.#onLine = onLine
    this.#offset = readSize(path)
    this.#timer = setInterval(() => this.#readOn(), lookEveryMs)
  }

  /** Opens the file for the child to write; who has handed it on closes it. */
  open(): number {
    return openSync(this.#path, 'a', 0o600)
  }

  /** Reads to the end, and no further. */
  close(): void {
    clearInterval(this.#timer)
    this.#readOn()
    if (this.#begun !== '') this.#onLine(this.#begun)
    this.#begun = ''
  }

  #readOn(): void {
    for (let chunk = this.#readChunk(); chunk !== undefined; chunk = this.#readChunk()) {
      const lines = (this.#begun + this.#decoder.write(chunk)).split('\n')
      this.#begun = lines.pop() ?? ''
      for (const line of lines) this.#onLine(line)
    }
    if (this.#offset > logBytesMax) this.#beginAnew()
  }

  #readChunk(): Buffer | undefined {
    const chunk = Buffer.alloc(chunkBytes)
    try {
      const fd = openSync(this.#path, 'r')
      const bytes = readSync(fd, chunk, 0, chunkBytes, this.#offset)
      closeSync(fd)
      this.#offset += bytes
      return bytes === 0 ? undefined : chunk.subarray(0, bytes)
    } catch {
      // Someone removed the log: there is nothing to show, and nothing to stop for.
      return undefined
    }
  }

  /** The child appends, so its next line goes to the start of the emptied file. */
  #beginAnew(): void {
    try {
      copyFileSync(this.#path, `${this.#path}.1`)
      truncateSync(this.#path)
      this.#offset = 0
    } catch {
      // A full disk: the next look tries again.
    }
  }
}

function readSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
