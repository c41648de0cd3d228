import { Ajv2020 } from 'ajv/dist/2020.js'
import { answerSchemas } from '../../src/read/answer-schemas.ts'

const formats = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/,
}
const ajv = new Ajv2020({ strict: false, allErrors: true, formats })
ajv.addSchema({ $id: 'https://headwater.test/api', components: { schemas: answerSchemas } })

/** What an answer has or lacks against the named schema; empty where it has its shape. */
export function misshapen(answer: unknown, schema: string): string[] {
  const check = ajv.getSchema(`https://headwater.test/api#/components/schemas/${schema}`)
  if (check === undefined) throw new Error(`there is no schema ${schema}`)
  if (check(answer) === true) return []
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`)
}
