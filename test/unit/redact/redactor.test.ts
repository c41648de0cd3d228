import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { readConfig } from '../../../src/config.ts'
import { findSecrets } from '../../../src/redact/find-secrets.ts'
import { toNameTest } from '../../../src/redact/name-test.ts'
import { createRedactor } from '../../../src/redact/redactor.ts'
import { hasRedactions } from '../../../src/redact/redact-urls.ts'

const { redactNames: names, redactParameters: parameters } = readConfig({})
const redact = createRedactor({ names, parameters })

/** The text without secrets, and where these were. */
function redacted(text: string) {
  const redaction = redact(Buffer.from(text))
  return {
    text: redaction?.text.toString() ?? text,
    pointers: redaction?.pointers ?? [],
    count: redaction?.count ?? 0,
  }
}

/** A string in several places of an event. */
const wrap = (value: string) =>
  `{"producer":${value},"inputs":[{"namespace":${value},"facets":{"dataSource":{"uri":${value}},"x":{${value}:[${value}]}}}]}`
const inRunFacet = (name: string, facet: string) => `{"run":{"facets":{"${name}":${facet}}}}`

describe('what is redacted', () => {
  it('are environment variables with the names of secrets, whatever stands first', () => {
    const text = inRunFacet(
      'environmentVariables',
      '{"environmentVariables":[{"name":"HOME","value":"/root"},{"name":"DB_PASSWORD","value":"hunter2"},{"value":"t0k","name":"API_TOKEN"}]}',
    )

    expect(redacted(text)).toEqual({
      text: inRunFacet(
        'environmentVariables',
        '{"environmentVariables":[{"name":"HOME","value":"/root"},{"name":"DB_PASSWORD","value":"***"},{"value":"***","name":"API_TOKEN"}]}',
      ),
      pointers: [
        '#/run/facets/environmentVariables/environmentVariables/1/value',
        '#/run/facets/environmentVariables/environmentVariables/2/value',
      ],
      count: 2,
    })
  })

  it('are Spark properties, and what else is settings', () => {
    const facet =
      '{"properties":{"spark.master":"local","spark.hadoop.fs.s3a.secret.key":"abc","spark.my.token":12345678901234567890}}'

    const { text, count } = redacted(inRunFacet('spark_properties', facet))

    expect(count).toBe(2)
    expect(text).toContain(
      '{"properties":{"spark.master":"local","spark.hadoop.fs.s3a.secret.key":"***","spark.my.token":"***"}}',
    )
    expect(redacted(inRunFacet('environment-properties', '{"a":{"db.password":"x"}}')).count).toBe(1)
    expect(
      redacted(inRunFacet('executionParameters', '{"parameters":[{"key":"api_key","value":"x"}]}')).count,
    ).toBe(1)
  })

  it('are members of custom facets, and lists behind such a name', () => {
    const facet =
      '{"options":{"user":"etl","password":"hunter2"},"secrets":["a","b"],"password":true,"tokens":{"count":5}}'

    expect(redacted(inRunFacet('spark.logicalPlan', facet)).text).toBe(
      inRunFacet(
        'spark.logicalPlan',
        '{"options":{"user":"etl","password":"***"},"secrets":["***","***"],"password":true,"tokens":{"count":5}}',
      ),
    )
  })

  it('are facets of settings that a child forwards of its parent', () => {
    const parent =
      '{"run":{"facets":{"environmentVariables":{"environmentVariables":[{"name":"PASSWORD","value":"x"}]}}}}'

    expect(redacted(inRunFacet('parent', parent)).pointers).toEqual([
      '#/run/facets/parent/run/facets/environmentVariables/environmentVariables/0/value',
    ])
  })

  it.each([
    [
      'postgres://etl:hunter2@db:5432/sales?sslmode=require',
      'postgres://etl:***@db:5432/sales?sslmode=require',
    ],
    ['redis://:hunter2@cache', 'redis://:***@cache'],
    ['https://a:b@c@host/x', 'https://a:***@host/x'],
    ['jdbc:oracle:thin:scott/tiger@//db:1521/x', 'jdbc:oracle:thin:scott/***@//db:1521/x'],
    ['jdbc:sqlserver://db;user=etl;password=a=b;x=1', 'jdbc:sqlserver://db;user=etl;password=***;x=1'],
    [
      'https://x.blob.core.windows.net/c/f?sv=1&sig=a%2Fb%3D&se=2',
      'https://x.blob.core.windows.net/c/f?sv=1&sig=***&se=2',
    ],
    [
      's3.example/f?X-Amz-Credential=A&X-Amz-Signature=ff',
      's3.example/f?X-Amz-Credential=***&X-Amz-Signature=***',
    ],
    [
      'AccountName=lake;AccountKey=abc==;EndpointSuffix=x',
      'AccountName=lake;AccountKey=***;EndpointSuffix=x',
    ],
    ['see https://a:b@h and ftp://c:d@h.', 'see https://a:***@h and ftp://c:***@h.'],
  ])('is the secret in %s, wherever a string is', (url, expected) => {
    expect(redacted(wrap(JSON.stringify(url))).text).toBe(wrap(JSON.stringify(expected)))
  })

  it.each(['\\u003a//etl:x\\u0040db', ':\\/\\/etl:x@db', ':\\u002f/etl:x@db'])(
    'is also a URL that is spelled %s',
    (spelled) => {
      expect(redacted(`{"a":"postgres${spelled}"}`).text).toBe('{"a":"postgres://etl:***@db"}')
    },
  )

  it('is also a parameter behind an escaped equals sign, as Gson writes it', () => {
    expect(redacted(String.raw`{"a":"x?token\u003dabc\u0026b\u003d1"}`).text).toBe('{"a":"x?token=***&b=1"}')
  })

  it('is each of two members of one name, and not only the one that counts', () => {
    const text = inRunFacet('custom', '{"password":"one","password":"two"}')

    expect(redacted(text).text).toBe(inRunFacet('custom', '{"password":"***","password":"***"}'))
  })
})

describe('what is not redacted', () => {
  it.each([
    ['a container before the host', '{"a":"abfss://raw@lake.dfs.core.windows.net/x"}'],
    ['a port', '{"a":"https://db:5432/a@b"}'],
    ['a key of a tag', '{"run":{"facets":{"tags":{"tags":[{"key":"token","value":"yes"}]}}}}'],
    [
      'a column of a schema',
      '{"outputs":[{"facets":{"schema":{"fields":[{"name":"password","type":"text"}]}}}]}',
    ],
    [
      'SQL',
      '{"job":{"facets":{"sql":{"query":"SELECT * FROM a WHERE a.token=b.token AND password = \'x\'"}}}}',
    ],
    [
      'what is redacted already',
      '{"run":{"facets":{"spark_properties":{"properties":{"a.token":"*********(redacted)"}}}}}',
    ],
    ['an empty value', '{"run":{"facets":{"x":{"password":"","token":null}}}}'],
    ['a mail address', '{"a":"mailto:someone@example.com see https://example.com"}'],
  ])('is %s', (_what, text) => {
    expect(redact(Buffer.from(text))).toBeUndefined()
  })

  it('is anything in the events that real producers sent', () => {
    const folder = new URL('../../fixtures/events/', import.meta.url)
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.json'),
    )

    const changed = paths.filter((path) => redact(readFileSync(new URL(path, folder))) !== undefined)

    expect(paths.length).toBeGreaterThan(200)
    expect(changed).toEqual([])
  })
})

describe('the rest of the text', () => {
  it('keeps long numbers, order, white space, escapes and odd halves of characters', () => {
    const before = String.raw` { "z" : 3821550127947089009.10 , "a":"\u00e9\ud800\/" ,`
    const after = ` "n": 1e400 }\n`

    expect(redacted(`${before} "u": "x://a:b@c" ,${after}`).text).toBe(
      `${before} "u": "x://a:***@c" ,${after}`,
    )
  })

  it('is not redacted again: what was sent once has the same text when it is sent again', () => {
    const secret = fc.stringMatching(/^[a-z0-9@:=&\\" ]{1,12}$/)
    const text = fc
      .record({ secret, name: fc.constantFrom('DB_PASSWORD', 'HOME', 'api.key') })
      .map(({ secret: value, name }) =>
        JSON.stringify({
          run: {
            facets: {
              environmentVariables: { environmentVariables: [{ name, value }] },
              x: { token: value },
            },
          },
          inputs: [{ namespace: `db://u:${value}@h?password=${value}`, name: value }],
        }),
      )

    fc.assert(
      fc.property(text, (sent) => {
        const once = redacted(sent).text
        expect(JSON.parse(once)).toBeDefined()
        expect(redacted(once)).toEqual({ text: once, pointers: [], count: 0 })
        expect(hasRedactions(Buffer.from(once))).toBe(once.includes('***'))
      }),
      { seed: 7 },
    )
  })
})

describe('the quick test', () => {
  it('lets no secret pass that a walk through the text finds', () => {
    const tests = { isSecretSetting: toNameTest(names), isSecretParameter: toNameTest(parameters) }
    const word = fc.constantFrom(
      'password',
      'apiKey',
      'X-Amz-Signature',
      'access_token',
      'key',
      'name',
      'value',
      'user',
      '://',
      ':',
      '@',
      'u',
      '?',
      '&',
      '=',
      ';',
      '/',
      'jdbc:oracle:thin:',
      '\\',
      '"',
      '.',
      'é',
      ' ',
    )
    const string = fc.array(word, { maxLength: 8 }).map((words) => words.join(''))
    const facetName = fc.constantFrom(
      'environmentVariables',
      'spark_properties',
      'custom',
      'schema',
      'executionParameters',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        string,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(string, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }))
    const event = fc.record({ facets: fc.dictionary(facetName, value, { maxKeys: 2 }), name: string })

    let found = 0
    fc.assert(
      fc.property(event, (run) => {
        const text = JSON.stringify({ run })
        const secrets = findSecrets(text, tests)
        found += secrets.length
        expect(redact(Buffer.from(text))?.count ?? 0).toBe(secrets.length)
      }),
      { seed: 11, numRuns: 3000 },
    )
    expect(found).toBeGreaterThan(300)
  })
})

describe('the time it takes', () => {
  const mega = 1024 * 1024
  it.each([
    ['colons and slashes', '://'.repeat(mega)],
    ['users', '://u:'.repeat(mega)],
    ['letters', 'a'.repeat(4 * mega)],
    ['names of secrets', 'password'.repeat(mega / 2)],
    ['parameters', '&token='.repeat(mega / 2)],
    ['backslashes', '\\'.repeat(2 * mega)],
    ['Oracles', 'jdbc:oracle:thin:a/'.repeat(mega / 8)],
    ['signs of parameters', '?&;#'.repeat(mega)],
    ['equals signs', '&a='.repeat(mega)],
  ])('grows with the text alone, also where it is all %s', (_what, value) => {
    const text = Buffer.from(
      JSON.stringify({ run: { facets: { environmentVariables: { x: value, y: 'a://b:c@d' } } } }),
    )

    const startedAt = performance.now()
    const redaction = redact(text)

    expect(redaction?.count).toBeGreaterThan(0)
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })

  it('is no more for a text of a hundred thousand secrets', () => {
    const pair = '{"name":"PASSWORD","value":"x"}'
    const text = Buffer.from(
      inRunFacet(
        'environmentVariables',
        `{"environmentVariables":[${Array.from({ length: 100_000 }, () => pair).join()}]}`,
      ),
    )

    const startedAt = performance.now()
    const redaction = redact(text)

    expect(redaction?.count).toBe(100_000)
    expect(redaction?.pointers).toHaveLength(5)
    expect(performance.now() - startedAt).toBeLessThan(3000)
  })
})
