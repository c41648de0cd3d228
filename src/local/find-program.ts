import { access, constants, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** The first executable file of that name on the PATH. */
export async function findProgram(name: string, env: Environment): Promise<string | undefined> {
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '')
  for (const directory of directories) {
    const candidate = join(directory, name)
    if (await isProgram(candidate)) return candidate
  }
  return undefined
}

export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
