import { runFuzz, toTable } from '../../fuzz/run-fuzz.ts'

/** A sample of what `npm run test:fuzz` sends; the same seed sends the same. */
const seed = Number(process.env['FUZZ_SEED'] ?? 7)
const count = Number(process.env['FUZZ_INPUTS'] ?? 1500)

describe('the door', () => {
  it(
    `answers each of ${count} bad inputs without a 500, a crash, a hang or an error in the log, and what it takes can be projected`,
    async () => {
      const unseen: unknown[] = []
      const onUnseen = (reason: unknown) => unseen.push(reason)
      process.on('unhandledRejection', onUnseen).on('uncaughtException', onUnseen)

      const report = await runFuzz({ seed, count })

      process.off('unhandledRejection', onUnseen).off('uncaughtException', onUnseen)
      if (process.env['FUZZ_INPUTS'] !== undefined) {
        const { inputs, accepted, projected, deadLetters } = report
        process.stdout.write(
          `\n${toTable(report)}\n\n${JSON.stringify({ seed, inputs, accepted, projected, deadLetters })}\n`,
        )
      }
      expect({ faults: report.faults.slice(0, 20), errors: report.errors.slice(0, 20), unseen }).toEqual({
        faults: [],
        errors: [],
        unseen: [],
      })
      expect(report.inputs).toBe(count)
      expect(report.accepted).toBeGreaterThan(count / 20)
      expect(report.projected).toBe(report.accepted - report.deadLetters)
    },
    60_000 + count * 50,
  )
})
