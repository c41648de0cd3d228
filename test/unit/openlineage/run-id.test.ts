import { isUuid, normaliseRunId } from '../../../src/openlineage/run-id.ts'

const uuid = '0198c0de-0000-7000-8000-00000000000a'

describe('a runId', () => {
  it.each([uuid, uuid.toUpperCase(), `urn:uuid:${uuid}`, `URN:UUID:${uuid.toUpperCase()}`])(
    'that is a UUID has one spelling: %s',
    (text) => {
      expect(isUuid(text)).toBe(true)
      expect(normaliseRunId(text)).toBe(uuid)
    },
  )

  it.each(['run_id', 'Run-1', '', uuid.slice(1), `${uuid}0`, `urn:${uuid}`, ` ${uuid}`, `${uuid}\n`])(
    'that is no UUID stays as it is: %j',
    (text) => {
      expect(isUuid(text)).toBe(false)
      expect(normaliseRunId(text)).toBe(text)
    },
  )
})
