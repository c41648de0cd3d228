import type { JsonSchema } from '../../http/parameters.ts'
import { list, named, object, pageOf, string, time } from './schema-parts.ts'

/** The shapes of lists of events. */
export const eventSchemas: Readonly<Record<string, JsonSchema>> = {
  EventSummary: object(
    {
      id: string,
      eventType: string,
      eventTime: time,
      receivedAt: time,
      producer: string,
      warnings: list(string),
      about: { type: 'string', description: 'The id of the run, job or dataset that it is about.' },
    },
    { required: ['id', 'eventTime', 'receivedAt', 'producer'] },
  ),
  EventPage: pageOf('events', named('EventSummary')),
}
