import { readObjects, readText } from '../openlineage/json-object.ts'

/** The result of one test, as a facet states it. */
export interface StatedTest {
  name: string
  /** The path of the field that it checks, where it names one. */
  column: string | undefined
  /** `pass`, `fail`, `skip`, or another word of the producer's. */
  status: string
  severity: string | undefined
  /** What sort of test it is: not_null, unique … */
  type: string | undefined
  description: string | undefined
  expected: string | undefined
  actual: string | undefined
}

const [PASS, FAIL] = ['pass', 'fail']

/** Characters of a status: it is a word, and it is looked up by an index. */
const STATUS_LENGTH_MAX = 100

/**
 * The assertions of a `dataQualityAssertions` facet. Of two that have one name and column the one that failed counts, else the later:
 * nobody should miss a failure.
 * @param facet undefined where the facet may not be interpreted
 */
export function readAssertions(facet: unknown): StatedTest[] {
  return foldTests(
    readObjects(facet, 'assertions').map((item) => ({
      ...toTest(item),
      name: readText(item, ['name']) ?? readText(item, ['assertion']) ?? '',
      column: readText(item, ['column']),
      status: item['success'] === true ? PASS : FAIL,
      type: readText(item, ['assertion']),
    })),
  )
}

/** The tests of a `test` facet, which names no dataset; likewise. */
export function readTests(facet: unknown): StatedTest[] {
  return foldTests(
    readObjects(facet, 'tests').map((item) => ({
      ...toTest(item),
      name: readText(item, ['name']) ?? '',
      column: undefined,
      status: (readText(item, ['status']) ?? '').slice(0, STATUS_LENGTH_MAX),
      type: readText(item, ['type']),
    })),
  )
}

function toTest(item: Record<string, unknown>) {
  return {
    severity: readText(item, ['severity']),
    description: readText(item, ['description']),
    expected: readText(item, ['expected']),
    actual: readText(item, ['actual']),
  }
}

function foldTests(tests: StatedTest[]): StatedTest[] {
  const folded = new Map<string, StatedTest>()
  for (const test of tests) {
    const key = JSON.stringify([test.name, test.column])
    const hasFailed = folded.get(key)?.status === FAIL
    if (!hasFailed || test.status === FAIL) folded.set(key, test)
  }
  return [...folded.values()]
}
