import type { Command } from 'commander'
import { readNodeId } from '../../read/node-id.ts'
import type { CommandSurroundings } from '../dead-letters.ts'
import { addAskCommand, runAsking, showAnswer, type AskFlags } from './asking.ts'
import { describeDataset } from './describe-dataset.ts'
import { describeJob } from './describe-job.ts'
import { describeRun } from './describe-run.ts'
import { findNodes } from './find-node.ts'
import { toThingPath } from './thing-path.ts'
import { OptionError } from '../terminal.ts'

const described = {
  dataset: {
    description: 'tell all that is known of a dataset: columns, people, versions, jobs around it',
    describe: describeDataset,
  },
  job: {
    description: 'tell all that is known of a job: what it reads and writes, versions, runs',
    describe: describeJob,
  },
} as const

/** Adds `headwater dataset`, `headwater job` and `headwater run`. */
export function addThingCommands(program: Command, surroundings: CommandSurroundings): void {
  for (const kind of ['dataset', 'job'] as const) {
    const { description, describe } = described[kind]
    addAskCommand(program, { usage: `${kind} <node...>`, description }).action(
      async (words: string[], { json, ...flags }: AskFlags) => {
        await runAsking(flags, surroundings, async (asking) => {
          const [id = '', other] = await findNodes(words, asking, [kind])
          if (other !== undefined) throw new OptionError(`One ${kind} at a time.`)
          const path = await toThingPath(id, asking, kind)
          return await showAnswer(asking, { path, json }, describe)
        })
      },
    )
  }
  addAskCommand(program, {
    usage: 'run <id>',
    description: 'tell all that is known of a run: what it read and wrote, its parent, tests and events',
  }).action(async (id: string, { json, ...flags }: AskFlags) => {
    await runAsking(flags, surroundings, async (asking) => {
      const [node] = readNodeId(id)
      const runId = node?.kind === 'run' ? node.runId : id
      return await showAnswer(
        asking,
        { path: `/api/v2/runs/${encodeURIComponent(runId)}`, json },
        describeRun,
      )
    })
  })
}
