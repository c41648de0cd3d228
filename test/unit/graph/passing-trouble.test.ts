import { Neo4jError } from 'neo4j-driver'
import { isPassingTrouble } from '../../../src/graph/passing-trouble.ts'

const toError = (code: string) => new Neo4jError('no', code, '50N42', 'no')

describe('isPassingTrouble', () => {
  it.each([
    'Neo.TransientError.Transaction.DeadlockDetected',
    'Neo.TransientError.General.MemoryPoolOutOfMemoryError',
    'Neo.ClientError.Schema.ConstraintValidationFailed',
    // What a Neo4j whose disk was full answers until it is started again: each was met.
    'Neo.DatabaseError.Transaction.TransactionCommitFailed',
    'Neo.DatabaseError.Transaction.TransactionLogError',
    'Neo.DatabaseError.Transaction.TransactionStartFailed',
  ])('waits for %s to pass', (code) => {
    expect(isPassingTrouble(toError(code))).toBe(true)
  })

  it.each(['Neo.ClientError.Statement.TypeError', 'Neo.DatabaseError.Statement.ExecutionFailed'])(
    'does not wait for %s, which lies in what was asked',
    (code) => {
      expect(isPassingTrouble(toError(code))).toBe(false)
    },
  )

  it('does not wait for a mistake of ours', () => {
    expect(isPassingTrouble(new TypeError('no'))).toBe(false)
  })
})
