import { readFileSync, writeFileSync } from 'node:fs'
import type { Driver } from 'neo4j-driver'
import { ask, connectReader } from '../support/ask.ts'
import { startCollector, type Collector } from '../support/collector.ts'
import { readQuestions, readTitles, replaceResults } from '../support/cookbook.ts'
import { fixtureTexts } from '../support/events.ts'
import { wipeGraph } from '../support/graph-dump.ts'

/** With it, the answers in the guide are written anew instead of compared. */
const isUpdate = process.env['UPDATE_GUIDES'] === '1'

const guideFile = new URL('../../examples/ml-pipeline/README.md', import.meta.url)
const guide = readFileSync(guideFile, 'utf8')
const questions = readQuestions(guide)
const events = fixtureTexts('ml-pipeline/')

/** Column names, rule and the end of the last line: an answer that shows nothing teaches nothing. */
const linesOfNoRow = 3

let collector: Collector
let driver: Driver
const answers: { status: number; body: Record<string, unknown> }[] = []

beforeAll(async () => {
  collector = await startCollector()
  driver = connectReader()
  await wipeGraph(collector.graph)
  for (const text of events) answers.push(await collector.post(text))
  await collector.merged(answers.map(({ body }) => String(body['id'])))
}, 180_000)

afterAll(async () => {
  await wipeGraph(collector.graph)
  await driver.close()
  await collector.close()
})

describe('the events of the ML pipeline', () => {
  it('are accepted without a warning', () => {
    const odd = answers.filter(
      ({ status, body }) => status !== 201 || JSON.stringify(body['warnings']) !== '[]',
    )

    expect(answers.length).toBe(36)
    expect(odd).toEqual([])
  })

  it('leave no dead letter', async () => {
    expect(await collector.deadLetters.count()).toBe(0)
  })
})

describe('the guide of the ML pipeline', () => {
  const fresh = new Map<string, string>()

  afterAll(() => {
    if (isUpdate) writeFileSync(guideFile, replaceResults(guide, fresh))
  })

  it('has an answer for each question', () => {
    expect(questions.map(({ title }) => title)).toEqual(readTitles(guide))
    expect(questions.length).toBe(8)
  })

  it.each(questions)('answers: $title', async ({ title, query, result }) => {
    const answer = await ask(driver, query)

    fresh.set(title, answer)
    expect(answer).toBe(isUpdate ? answer : result)
    expect(answer.split('\n').length).toBeGreaterThan(linesOfNoRow)
  })
})
