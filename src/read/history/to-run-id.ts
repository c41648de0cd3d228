import { normaliseRunId } from '../../openlineage/run-id.ts'

/** The id of a run as the graph has it, out of one that people write with or without the `run:` of the API's ids. */
export function toRunId(said: string): string {
  return normaliseRunId(said.replace(/^run:/, ''))
}
