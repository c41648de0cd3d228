import { isRetryableError, Neo4jError } from 'neo4j-driver'
import { WipeUnderWay } from './wipe-guard.ts'

/**
 * Codes that the driver does not call retryable and that pass all the same: two transactions that MERGE one new key, two workers
 * that make one constraint, a password that has not been set yet, a server that starts or stops, a disk that is full, a server of a
 * cluster that has just ceased to be its leader.
 */
const passingCodes = new Set([
  'Neo.ClientError.Schema.ConstraintValidationFailed',
  'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists',
  'Neo.ClientError.Schema.ConstraintAlreadyExists',
  'Neo.ClientError.Schema.IndexAlreadyExists',
  'Neo.ClientError.Security.Unauthorized',
  'Neo.ClientError.Security.AuthenticationRateLimit',
  'Neo.ClientError.Cluster.NotALeader',
  'Neo.ClientError.Database.DatabaseNotFound',
  'Neo.ClientError.General.ForbiddenOnReadOnlyDatabase',
  'Neo.DatabaseError.General.StorageDamageDetected',
])
/**
 * Likewise whatever ails transactions or the database as such: once a full disk has stopped it, Neo4j answers with any of several
 * (`TransactionStartFailed`, `TransactionLogError`, `TransactionCommitFailed`) until it is started again.
 */
const passingKinds = ['Neo.TransientError.', 'Neo.DatabaseError.Transaction.', 'Neo.DatabaseError.Database.']

/**
 * Whether trouble with the graph passes by itself (it is away, a deadlock, a lost race, it is being emptied), so that the same batch may be tried again.
 * Everything else lies in the batch.
 */
export function isPassingTrouble(error: unknown): boolean {
  if (error instanceof WipeUnderWay) return true
  if (!(error instanceof Neo4jError)) return false
  const { code } = error
  return (
    isRetryableError(error) || passingCodes.has(code) || passingKinds.some((kind) => code.startsWith(kind))
  )
}
