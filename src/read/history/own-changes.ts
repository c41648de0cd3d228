import { toEntityKey, type EntityName } from '../../openlineage/keys.ts'
import { toNodeId } from '../node-id.ts'
import { weighRows } from './dataset-changes.ts'
import { toChange, weights, type FoundChange } from './found-change.ts'
import type { OriginRun } from './origin-runs.ts'
import type { RunCode } from './run-code.ts'

/** What a run itself did otherwise than the last good one: the code that it ran, and what it read. */
export function findOwnChanges(
  { run, code }: { run: OriginRun; code: RunCode | undefined },
  good: { run: OriginRun; code: RunCode | undefined },
): FoundChange[] {
  return [...findCode({ run, code }, good), ...findInputs(run, good.run), ...findReadCounts(run, good.run)]
}

function findCode(
  { run, code }: { run: OriginRun; code: RunCode | undefined },
  good: { code: RunCode | undefined },
): FoundChange[] {
  if (run.job === undefined || code === undefined || good.code === undefined) return []
  const { code: then } = good
  const words = [
    ...(code.sql !== undefined && then.sql !== undefined && code.sql !== then.sql ? ['other SQL'] : []),
    ...(code.sourceVersion !== then.sourceVersion ? ['another version of the source'] : []),
    ...(code.sourceLocation !== then.sourceLocation ? ['source code from elsewhere'] : []),
  ]
  if (words.length === 0) return []
  return [
    toChange(
      {
        kind: 'CODE',
        of: toNodeId({ kind: 'job', ...run.job }),
        distance: 0,
        ...(run.startedAt !== undefined && { at: run.startedAt }),
        run: run.runId,
        reason: `The run itself ran ${words.join(', ')}`,
        before: then,
        after: code,
      },
      weights.code,
    ),
  ]
}

function findInputs(run: OriginRun, good: OriginRun): FoundChange[] {
  const toInput = (dataset: EntityName, kind: 'MISSING_INPUT' | 'NEW_INPUT', reason: string) =>
    toChange(
      { kind, of: toNodeId({ kind: 'dataset', ...dataset }), distance: 1, run: run.runId, reason },
      kind === 'NEW_INPUT' ? weights.newInput : weights.missingInput,
    )
  return [
    ...without(good.reads, run.reads).map((dataset) =>
      toInput(dataset, 'MISSING_INPUT', 'The last good run read it, this one did not'),
    ),
    ...without(run.reads, good.reads).map((dataset) =>
      toInput(dataset, 'NEW_INPUT', 'This run read it, the last good one did not'),
    ),
  ]
}

function findReadCounts(run: OriginRun, good: OriginRun): FoundChange[] {
  const usual = new Map(good.reads.map(({ dataset, rowCount }) => [toEntityKey(dataset), rowCount]))
  return run.reads.flatMap(({ dataset, rowCount }) => {
    const then = usual.get(toEntityKey(dataset))
    const weight = rowCount === undefined || then === undefined ? undefined : weighRows(rowCount, then)
    if (weight === undefined) return []
    return [
      toChange(
        {
          kind: 'ROW_COUNT',
          of: toNodeId({ kind: 'dataset', ...dataset }),
          distance: 1,
          run: run.runId,
          reason: `${rowCount} rows were read, where the last good run read ${then}`,
          before: { rowCount: then },
          after: { rowCount },
        },
        weight,
      ),
    ]
  })
}

function without(all: OriginRun['reads'], some: OriginRun['reads']): EntityName[] {
  const known = new Set(some.map(({ dataset }) => toEntityKey(dataset)))
  return all.flatMap(({ dataset }) => (known.has(toEntityKey(dataset)) ? [] : [dataset]))
}
