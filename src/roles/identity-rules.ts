import { readFileSync } from 'node:fs'
import { ConfigError, type Config } from '../config.ts'
import type { Graph } from '../graph/connection.ts'
import { patiently } from '../graph/patiently.ts'
import { readRules } from '../identity/read-rules.ts'
import { defaultRules, toOrderedRules, toRulesKey, type IdentityRules } from '../identity/rules.ts'
import type { Logger } from '../logger.ts'
import { putFirstRules } from '../merge/put-rules.ts'

/** Who puts the first rules in force: nobody in person. */
const FIRST_BY = 'first start'

/**
 * The rules of IDENTITY_FILE, or those that hold by default.
 * @throws {ConfigError} naming every mistake of the file at once, with its line
 */
export function readIdentityRules({ identityFile: path }: Pick<Config, 'identityFile'>): IdentityRules {
  if (path === '') return toOrderedRules(defaultRules)
  const read = readRules(readText(path))
  if ('rules' in read) return read.rules
  throw new ConfigError(read.mistakes.map(({ line, text }) => `${path}:${line}: ${text}`))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError([
      `The file of identity rules cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ])
  }
}

/**
 * Sees to it that there are identity rules in force: on a graph without any, those of the settings. Others stay in force until
 * somebody applies the file, for that may join and part many names.
 */
export async function startIdentityRules(
  config: Pick<Config, 'identityFile'>,
  { graph, rules, log }: { graph: Graph; rules: IdentityRules; log: Logger },
): Promise<void> {
  const { inForce, isPut } = await patiently(() => putFirstRules(graph, { rules, by: FIRST_BY }))
  const { at, by } = inForce.change
  if (isPut) log.info({ file: config.identityFile }, 'identity rules put in force')
  else if (config.identityFile !== '' && inForce.key !== toRulesKey(rules))
    log.warn(
      { file: config.identityFile, inForceSince: at, by },
      'identity rules of the file are not in force: see `headwater identity preview`, then run `headwater identity apply`',
    )
}
