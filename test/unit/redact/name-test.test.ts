import { readFileSync } from 'node:fs'
import { readConfig } from '../../../src/config.ts'
import { toNameTest } from '../../../src/redact/name-test.ts'

const { redactNames, redactParameters } = readConfig({})
const isSecretSetting = toNameTest(redactNames)
const isSecretParameter = toNameTest(redactParameters)

describe('the names of settings that are secrets by default', () => {
  it.each([
    'PASSWORD',
    'DB_PASSWORD',
    'PGPASSWORD',
    'MYSQL_PWD',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'GITHUB_TOKEN',
    'AUTHTOKEN',
    'OPENAI_API_KEY',
    'apiKey',
    'APIKEY',
    'spark.hadoop.fs.s3a.secret.key',
    'spark.hadoop.fs.azure.account.key.lake.dfs.core.windows.net',
    'spark.ssl.keyStorePassword',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'AIRFLOW__CORE__FERNET_KEY',
    'clientSecret',
  ])('have %s among them', (name) => {
    expect(isSecretSetting(name)).toBe(true)
  })

  it.each([
    'PATH',
    'HOME',
    'KEYBOARD',
    'MONKEY',
    'spark.app.name',
    'spark.sql.keyspace',
    'spark.ml.tokenizer',
    'SECURE',
    'passenger_count',
    'COMPASS',
    '',
  ])('do not have %s among them', (name) => {
    expect(isSecretSetting(name)).toBe(false)
  })
})

describe('the names of parameters that are secrets by default', () => {
  it.each([
    'password',
    'X-Amz-Signature',
    'X-Goog-Signature',
    'sig',
    'token',
    'access_token',
    'AccountKey',
    'client_secret',
  ])('have %s among them', (name) => {
    expect(isSecretParameter(name)).toBe(true)
  })

  it.each(['key', 'partition_key', 'design', 'user', 'sslmode', 'signal', 'max_tokens', 'tokenizer'])(
    'do not have %s among them',
    (name) => {
      expect(isSecretParameter(name)).toBe(false)
    },
  )
})

describe('docs/http.md', () => {
  it('lists the patterns that hold by default', () => {
    const page = readFileSync(new URL('../../../docs/http.md', import.meta.url), 'utf8')

    expect(page).toContain(`\nREDACT_NAMES=${redactNames.join(',')}\n`)
    expect(page).toContain(`\nREDACT_PARAMETERS=${redactParameters.join(',')}\n`)
  })
})

describe('a pattern', () => {
  it('is nothing but words: no other sign has a meaning', () => {
    const isSecret = toNameTest(['a.b', '(c)+'])

    expect(['a_b', 'x.a-b', 'aB', 'c', 'x c'].map(isSecret)).toEqual([true, true, true, true, true])
    expect(['ab', 'axb', 'cc'].map(isSecret)).toEqual([false, false, false])
  })

  it('without letters or digits is refused at the start', () => {
    expect(() => readConfig({ REDACT_NAMES: 'password,***' })).toThrow('REDACT_NAMES must be patterns')
  })
})
