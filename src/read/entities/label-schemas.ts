import type { JsonSchema } from '../../http/parameters.ts'
import { boolean, integer, list, object, pageOf, string } from './schema-parts.ts'

const thing = object(
  {
    id: string,
    kind: { enum: ['job', 'dataset', 'run', 'field'] },
    namespace: string,
    name: string,
    field: string,
    type: { type: 'string', description: "The owner's role." },
    value: string,
    source: string,
  },
  { required: ['id', 'kind'] },
)
const more = { ...boolean, description: 'There are more than are listed.' }

/** The shapes of owners and tags. */
export const labelSchemas: Readonly<Record<string, JsonSchema>> = {
  OwnerPage: pageOf('owners', object({ name: string, owns: integer })),
  Owner: object({ name: string, owns: list(thing), more }, { required: ['name', 'owns'] }),
  TagPage: pageOf('tags', object({ key: string, value: string, tagged: integer })),
  Tagged: object({ key: string, tagged: list(thing), more }, { required: ['key', 'tagged'] }),
}
