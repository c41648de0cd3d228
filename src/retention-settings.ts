import { integer } from './setting-readers.ts'

/** A hundred years: more days would end before there were computers. */
const daysMax = 36_500
const hoursMax = daysMax * 24

/** The settings of what is not kept for ever. */
export const retentionSettings = {
  retentionEventsDays: integer(
    'RETENTION_EVENTS_DAYS',
    0,
    'Days for which the log keeps events; of older ones a checkpoint keeps what they say. 0 keeps all.',
    { min: 0, max: daysMax },
  ),
  retentionRunsDays: integer(
    'RETENTION_RUNS_DAYS',
    0,
    'Days for which a run is kept after its end, with its events and what it wrote: [but for these](docs/retention.md). 0 keeps all.',
    { min: 0, max: daysMax },
  ),
  retentionVersionsDays: integer(
    'RETENTION_VERSIONS_DAYS',
    0,
    'Days for which the runs are kept with which a version of a job or a schema began or ceased to hold. 0 keeps all.',
    { min: 0, max: daysMax },
  ),
  retentionEveryHours: integer(
    'RETENTION_EVERY_HOURS',
    24,
    'Hours from one beginning of retention to the next; one worker at a time does it.',
    { min: 1, max: hoursMax },
  ),
  reapAfterHours: integer(
    'REAP_AFTER_HOURS',
    0,
    'Hours without an event after which a run that has not ended is presumed lost: `presumedLostAt`. 0 presumes nothing.',
    { min: 0, max: hoursMax },
  ),
} as const
