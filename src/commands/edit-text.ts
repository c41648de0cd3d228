import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface EditedText {
  text: string
  /** Where it lies until `remove`. */
  path: string
  remove(): Promise<void>
}

/**
 * Opens a text in the person's editor, in a file that nobody else may read.
 * @throws {Error} where the editor cannot be started or ends with an error; the file stays, and the message names it
 */
export async function editText(
  text: string,
  { name, env }: { name: string; env: NodeJS.ProcessEnv },
): Promise<EditedText> {
  const dir = await mkdtemp(join(tmpdir(), 'headwater-'))
  const path = join(dir, name)
  await writeFile(path, text, { mode: 0o600 })
  // `code --wait` is a usual one.
  const [program = 'vi', ...args] = (env['VISUAL'] ?? env['EDITOR'] ?? 'vi').split(/\s+/).filter(Boolean)
  await runEditor(program, [...args, path])
  return {
    text: await readFile(path, 'utf8'),
    path,
    remove: async () => await rm(dir, { recursive: true, force: true }),
  }
}

async function runEditor(program: string, args: string[]): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Error(`The editor ${program} ${why}. Set EDITOR, or use --file.`))
    const editor = spawn(program, args, { stdio: 'inherit' })
    editor.once('error', ({ message }) => fail(`cannot be started: ${message}`))
    editor.once('close', (code) => {
      if (code === 0) resolve()
      else fail(`ended with ${code ?? 'a signal'}`)
    })
  })
}
