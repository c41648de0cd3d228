import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Driver } from 'neo4j-driver'
import { connectReader, read } from '../support/ask.ts'
import { readQueries } from '../support/cookbook.ts'

const root = new URL('../../', import.meta.url)

const pages = ['docs/', 'examples/']
  .flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((path) => folder + path),
  )
  .filter((path) => path.endsWith('.md') && !path.includes('/.venv/'))
  .map((path) => ({ path, url: new URL(path, root), text: readFileSync(new URL(path, root), 'utf8') }))

let driver: Driver

beforeAll(() => {
  driver = connectReader()
})

afterAll(async () => {
  await driver.close()
})

describe('a page of the documentation', () => {
  it('is there for each example and each producer', () => {
    const found = pages.map(({ path }) => path)

    for (const name of ['airflow', 'spark', 'dbt', 'flink', 'python'])
      expect(found).toContain(`docs/guides/${name}.md`)
    for (const name of ['airflow', 'spark', 'dbt', 'ml-pipeline'])
      expect(found).toContain(`examples/${name}/README.md`)
  })

  it.each(pages)('links to what is there: $path', ({ url, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, link = '']) => link)

    expect(links.filter((link) => !existsSync(new URL(link, url)))).toEqual([])
  })
})

describe('a query of a guide or an example', () => {
  const queries = pages
    .filter(({ path }) => path.startsWith('docs/guides/') || path.startsWith('examples/'))
    .flatMap(({ path, text }) => readQueries(text).map(({ query }) => ({ path, query })))

  it('is in several of them', () => {
    expect(queries.length).toBeGreaterThan(10)
  })

  it.each(queries)('is one that Neo4j can plan, in $path: $query', async ({ query }) => {
    const { summary } = await read(driver, `EXPLAIN ${query}`)

    expect(summary.plan).not.toBe(false)
    expect(JSON.stringify(summary.plan)).not.toContain('AllNodesScan')
  })
})
